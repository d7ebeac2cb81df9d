import { type JsonObject, own } from '../../core/json/canonical-json.ts';
import { kindOf } from '../../core/resource-ref.ts';
import { spelled } from '../../core/text/invisible-characters.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanMetadata } from '../../plan/plan-metadata.ts';
import type { Remark } from './review.ts';

const isAscii = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text);
const isHttp = (address: string): boolean => /^https?:\/\/[^/]/i.test(address);

/** What a reader could overlook in ids, keys and addresses; labels and titles may be in any script. */
export function remarksOn(plan: Plan, made: PlanMetadata | null): readonly Remark[] {
  const found: Remark[] = [];
  const remark = (code: Remark['code'], ref: string, where: string, value: string) =>
    void found.push({ code, ref, where, value: spelled(value) });
  const plain = (ref: string, where: string, value: string) => {
    if (!isAscii(value)) remark('non_ascii', ref, where, value);
  };
  plain('shop', 'api_url', plan.target.api_url);
  const images = plan.contract.metadata.filter(({ type }) => type === 'image').map(({ key }) => key);
  for (const change of plan.changes) {
    plain(change.ref, 'ref', change.ref);
    for (const [name, id] of Object.entries(change.ids)) plain(change.ref, `id of the ${name}`, id);
    if (kindOf(change.ref) === 'value') {
      plain(change.ref, 'slug', String(own((change.after ?? {}) as JsonObject, 'slug') ?? ''));
    }
    if (kindOf(change.ref) === 'product') inProduct(change, images, plain, remark);
  }
  for (const [ref, url] of Object.entries(made?.links ?? {})) {
    plain(ref, 'link', url);
    if (!isHttp(url)) remark('address_not_http', ref, 'link', url);
  }
  return found;
}

function inProduct(
  { ref, after }: Change,
  images: readonly string[],
  plain: (ref: string, where: string, value: string) => void,
  remark: (code: Remark['code'], ref: string, where: string, value: string) => void,
): void {
  const { attributes = {}, metadata = {} } = (after ?? {}) as {
    attributes?: JsonObject;
    metadata?: Readonly<Record<string, string>>;
  };
  for (const [slug, assigned] of Object.entries(attributes)) {
    if (typeof assigned === 'string') plain(ref, `attributes.${slug}`, assigned);
    if (typeof assigned === 'object') {
      for (const key of Object.keys(assigned ?? {})) plain(ref, `attributes.${slug}`, key);
    }
  }
  for (const [key, text] of Object.entries(metadata)) {
    if (/_id$/.test(key) || images.includes(key)) plain(ref, `metadata.${key}`, text);
    if (images.includes(key) && !isHttp(text)) remark('address_not_http', ref, `metadata.${key}`, text);
  }
}
