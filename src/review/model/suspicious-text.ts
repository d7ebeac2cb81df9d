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
  const check: Check = (value, { ref, part, name = '' }, isAddress = false) => {
    const isAscii = isPrintableAscii(value);
    if (isAscii && !isAddress) return;
    const remark = (code: Remark['code']) => ({ code, ref, where: `${part}${name}`, value: spelled(value) });
    if (!isAscii) found.push(remark('non_ascii'));
    if (isAddress && !isHttp(value)) found.push(remark('address_not_http'));
  };
  const images = plan.contract.metadata.filter(({ type }) => type === 'image').map(({ key }) => key);
  check(plan.target.api_url, { ref: 'shop', part: 'api_url' });
  for (const change of plan.changes) checkChange(change, images, check);
  for (const [ref, value] of Object.entries(metadata?.links ?? {})) check(value, { ref, part: 'link' }, true);
  return found;
}

interface Place {
  readonly ref: string;
  /** Where in the resource the text is: `part`, and a name after it. */
  readonly part: string;
  readonly name?: string;
}

/** Called for each text: a plan of a hundred thousand changes has millions. `isAddress`: it must be an http(s) address too. */
type Check = (value: string, place: Place, isAddress?: boolean) => void;

const isPrintableAscii = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text);
const isHttp = (address: string): boolean => /^https?:\/\/[^/]/i.test(address);

function checkChange({ ref, ids, after }: Change, images: readonly string[], check: Check): void {
  check(ref, { ref, part: 'ref' });
  for (const name in ids) check(ids[name] ?? '', { ref, part: 'id of the ', name });
  const kind = kindOf(ref);
  if (kind === 'value') check(String(fieldAt(after, 'slug') ?? ''), { ref, part: 'slug' });
  if (kind !== 'product') return;
  const attributes = partOf(after, 'attributes');
  for (const name in attributes) {
    const assigned = attributes[name];
    const place = { ref, part: 'attributes.', name };
    if (typeof assigned === 'string') check(assigned, place);
    else if (isRecord(assigned)) for (const key in assigned) check(key, place);
  }
  const metadata = partOf(after, 'metadata');
  for (const name in metadata) {
    const value = metadata[name];
    const isAddress = images.includes(name);
    if (typeof value === 'string' && (isAddress || name.endsWith('_id')))
      check(value, { ref, part: 'metadata.', name }, isAddress);
  }
}

function partOf(document: Change['after'], name: string) {
  const part = fieldAt(document, name);
  return isRecord(part) ? part : {};
}
