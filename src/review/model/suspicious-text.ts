import { isRecord } from '../../core/json/records.ts';
import { kindOf } from '../../core/resource-ref.ts';
import { spelled } from '../../core/text/invisible-characters.ts';
import { fieldAt } from '../../diff/field-path.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanProvenance } from '../../plan/plan-provenance.ts';
import type { Remark } from './review.ts';

/**
 * Finds what a reader could overlook: characters beyond printable ASCII in ids, keys and addresses, and addresses that are not
 * http(s). Labels and titles may be in any script and are not checked.
 */
export function remarksOn(plan: Plan, metadata: PlanProvenance | null): readonly Remark[] {
  const found: Remark[] = [];
  const check: Check = (ref, where, value, isAddress = false) => {
    const remark = (code: Remark['code']) => ({ code, ref, where, value: spelled(value) });
    if (!isPrintableAscii(value)) found.push(remark('non_ascii'));
    if (isAddress && !isHttp(value)) found.push(remark('address_not_http'));
  };
  const images = plan.contract.metadata.filter(({ type }) => type === 'image').map(({ key }) => key);
  check('shop', 'api_url', plan.target.api_url);
  for (const change of plan.changes) checkChange(change, images, check);
  for (const [ref, value] of Object.entries(metadata?.links ?? {})) check(ref, 'link', value, true);
  return found;
}

/** Called for each text: a plan of a hundred thousand changes has millions. `isAddress`: it must be an http(s) address too. */
type Check = (ref: string, where: string, value: string, isAddress?: boolean) => void;

const isPrintableAscii = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text);
const isHttp = (address: string): boolean => /^https?:\/\/[^/]/i.test(address);

function checkChange({ ref, ids, after }: Change, images: readonly string[], check: Check): void {
  check(ref, 'ref', ref);
  for (const [name, value] of Object.entries(ids)) check(ref, `id of the ${name}`, value);
  const kind = kindOf(ref);
  if (kind === 'value') check(ref, 'slug', String(fieldAt(after, 'slug') ?? ''));
  if (kind !== 'product') return;
  for (const [slug, assigned] of Object.entries(partOf(after, 'attributes'))) {
    const where = `attributes.${slug}`;
    if (typeof assigned === 'string') check(ref, where, assigned);
    else if (isRecord(assigned)) for (const key in assigned) check(ref, where, key);
  }
  for (const [key, value] of Object.entries(partOf(after, 'metadata'))) {
    const isAddress = images.includes(key);
    if (typeof value === 'string' && (isAddress || key.endsWith('_id')))
      check(ref, `metadata.${key}`, value, isAddress);
  }
}

function partOf(document: Change['after'], name: string) {
  const part = fieldAt(document, name);
  return isRecord(part) ? part : {};
}
