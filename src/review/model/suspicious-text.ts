import { isRecord } from '../../core/json/records.ts';
import { kindOf } from '../../core/resource-ref.ts';
import { spelled } from '../../core/text/invisible-characters.ts';
import { fieldAt } from '../../diff/field-path.ts';
import type { Change } from '../../diff/model.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanProvenance } from '../../plan/plan-provenance.ts';
import type { Remark } from './review.ts';

/** A text that a reader could misread. */
interface CheckedText {
  readonly ref: string;
  readonly where: string;
  readonly value: string;
  /** Whether it must be an http(s) address as well. */
  readonly isAddress?: boolean;
}

/**
 * Finds what a reader could overlook: characters beyond printable ASCII in ids, keys and addresses, and addresses that are not
 * http(s). Labels and titles may be in any script and are not checked.
 */
export function remarksOn(plan: Plan, metadata: PlanProvenance | null): readonly Remark[] {
  const found: Remark[] = [];
  for (const { ref, where, value, isAddress = false } of checkedTexts(plan, metadata)) {
    const remark = (code: Remark['code']) => ({ code, ref, where, value: spelled(value) });
    if (!isPrintableAscii(value)) found.push(remark('non_ascii'));
    if (isAddress && !isHttp(value)) found.push(remark('address_not_http'));
  }
  return found;
}

const isPrintableAscii = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text);
const isHttp = (address: string): boolean => /^https?:\/\/[^/]/i.test(address);

/** One by one: a plan of a hundred thousand changes has millions. */
function* checkedTexts(plan: Plan, metadata: PlanProvenance | null): Generator<CheckedText> {
  const images = plan.contract.metadata.filter(({ type }) => type === 'image').map(({ key }) => key);
  yield { ref: 'shop', where: 'api_url', value: plan.target.api_url };
  for (const change of plan.changes) yield* textsOfChange(change, images);
  for (const [ref, value] of Object.entries(metadata?.links ?? {}))
    yield { ref, where: 'link', value, isAddress: true };
}

function textsOfChange(change: Change, images: readonly string[]): readonly CheckedText[] {
  const { ref, ids, after } = change;
  const kind = kindOf(ref);
  return [
    { ref, where: 'ref', value: ref },
    ...Object.entries(ids).map(([name, value]) => ({ ref, where: `id of the ${name}`, value })),
    ...(kind === 'value' ? [{ ref, where: 'slug', value: String(fieldAt(after, 'slug') ?? '') }] : []),
    ...(kind === 'product' ? textsOfProduct(change, images) : []),
  ];
}

function textsOfProduct({ ref, after }: Change, images: readonly string[]): readonly CheckedText[] {
  const attributes = Object.entries(partOf(after, 'attributes')).flatMap(([slug, assigned]) => {
    const keys = typeof assigned === 'string' ? [assigned] : isRecord(assigned) ? Object.keys(assigned) : [];
    return keys.map((value) => ({ ref, where: `attributes.${slug}`, value }));
  });
  const metadata = Object.entries(partOf(after, 'metadata')).flatMap(([key, value]) => {
    const isAddress = images.includes(key);
    if (typeof value !== 'string' || !(isAddress || key.endsWith('_id'))) return [];
    return [{ ref, where: `metadata.${key}`, value, isAddress }];
  });
  return [...attributes, ...metadata];
}

function partOf(document: Change['after'], name: string) {
  const part = fieldAt(document, name);
  return isRecord(part) ? part : {};
}
