import type { CreatedResource, NewValue, Step, StepReply } from '../../apply/ports.ts';
import type { Failure } from '../../core/failure.ts';
import { isCrash, type ShopError, words } from '../graphql/response-errors.ts';
import type { GraphQLResult } from '../graphql/send-document.ts';
import { byAttribute } from './step-mutations.ts';

type Undone = Exclude<StepReply, { readonly state: 'done' }>;

/** A value as Saleor has it, by which a create finds what it made. */
export interface FoundValue {
  readonly id: string;
  readonly slug: string | null;
  readonly externalReference: string | null;
}

/** What became of a step: undone for a reason, or done, with what the answer shows of new values. */
export type MutationOutcome =
  | {
      readonly state: 'done';
      readonly made: readonly CreatedResource[];
      readonly found: readonly FoundValue[];
    }
  | Undone;

/** What one request came to, for each of its steps; mutations of one request stand alone (docs/saleor.md#several-mutations-in-one-request). */
export function outcomesOf(steps: readonly Step[], sent: GraphQLResult): readonly MutationOutcome[] {
  if (sent.kind === 'failed') {
    const undone = withoutData(sent.failure, sent.reply?.status ?? null);
    return steps.map(() => undone);
  }
  return steps.map((step, index) => {
    const own = sent.errors.filter(({ path }) => path.length === 0 || path[0] === `m${index}`);
    return own.length > 0 ? refusedOrCrashed(own) : judgePayload(step, sent.data[`m${index}`]);
  });
}

/** No data: a status of 4xx was refused before anything ran; what never arrived, or was turned away, is not sent. */
function withoutData({ code, message }: Failure, status: number | null): Undone {
  if (code === 'unreachable' || status === 429) return { state: 'not_sent', code, message };
  const isRefused =
    code === 'redirect_refused' || (status !== null && status >= 400 && status < 500 && !GAVE_UP.has(status));
  return { state: isRefused ? 'refused' : 'unclear', code, message };
}

/** A proxy's word that it stopped waiting, while the server may not have. */
const GAVE_UP: ReadonlySet<number> = new Set([408, 499]);

/** Exceptions that Saleor raises on purpose, before it writes. */
const ON_PURPOSE: ReadonlySet<string> = new Set([
  'PermissionDenied',
  'ValidationError',
  'GraphQLError',
  'ExpiredSignatureError',
  'InvalidSignatureError',
  'DecodeError',
]);

/** An error at the mutation itself is a refusal or a crash; one further inside came while the answer was made: it ran. */
function refusedOrCrashed(errors: readonly ShopError[]): Undone {
  const message = words(errors);
  const [first] = errors;
  const isRefusal = errors.every(
    (error) => error.path.length <= 1 && !isCrash(error) && ON_PURPOSE.has(error.code),
  );
  const isBroken = errors.some((error) => error.message.startsWith('Cannot return null'));
  return { state: isRefusal && !isBroken ? 'refused' : 'unclear', code: first?.code ?? '', message };
}

interface PayloadError {
  readonly field?: string | null;
  readonly path?: string | null;
  readonly code: string;
  readonly message?: string | null;
}

/** What any mutation answers; which of the objects is there depends on its kind. */
interface Payload {
  readonly errors?: readonly PayloadError[] | null;
  readonly attribute?: { readonly id: string; readonly slug: string } | null;
  readonly productType?: object | null;
  readonly product?: object | null;
  readonly attributeValue?: object | null;
  readonly item?: object | null;
  readonly count?: number;
  readonly results?: readonly Result[];
}

interface Result {
  readonly attribute?: {
    readonly choices?: { readonly edges: readonly { readonly node: FoundValue }[] } | null;
  } | null;
  readonly errors?: readonly PayloadError[] | null;
}

const MALFORMED: Undone = {
  state: 'unclear',
  code: 'answer_invalid',
  message: 'the answer says neither yes nor no',
};

function judgePayload(step: Step, answer: unknown): MutationOutcome {
  const payload = (answer ?? {}) as Payload;
  if (!Array.isArray(payload.errors)) return MALFORMED;
  if (step.kind === 'create_values') return judgeValues(step, payload);
  if (payload.errors.length > 0) return refused(payload.errors);
  switch (step.kind) {
    case 'create_attribute':
      if (!payload.attribute) return MALFORMED;
      return done([{ ref: step.refs[0], id: payload.attribute.id, slug: payload.attribute.slug }]);
    case 'assign':
      if (!payload.productType) return MALFORMED;
      return done(step.attributes.map((id, index) => ({ ref: step.refs[index] ?? '', id, slug: '' })));
    case 'unassign':
      return payload.productType ? done([]) : MALFORMED;
    default:
      return payload.product || payload.attributeValue || payload.item ? done([]) : MALFORMED;
  }
}

const done = (made: readonly CreatedResource[], found: readonly FoundValue[] = []): MutationOutcome => ({
  state: 'done',
  made,
  found,
});

function refused(errors: readonly PayloadError[]): Undone {
  const said = errors.map(({ field, path, code, message }) => {
    const place = field ?? path ?? null;
    return `${place === null ? '' : `${place}: `}${message ?? 'no reason given'} (${code})`;
  });
  const more = said.length > 3 ? `; and ${said.length - 3} more` : '';
  return { state: 'refused', code: errors[0]?.code ?? '', message: `${said.slice(0, 3).join('; ')}${more}` };
}

/** Rejecting everything, Saleor writes all values or none; errors stand by attribute, with the value's number inside. */
function judgeValues(step: Step & { kind: 'create_values' }, payload: Payload): MutationOutcome {
  const groups = [...byAttribute(step.values).values()];
  const { results } = payload;
  if (!Array.isArray(results) || results.length !== groups.length) {
    return payload.errors?.length ? refused(payload.errors) : MALFORMED;
  }
  const errors = [
    ...(payload.errors ?? []),
    ...results.flatMap((result, index) => namedErrors(result, step, groups[index] ?? [])),
  ];
  if (errors.length > 0) return refused(errors);
  if (payload.count !== groups.length) return MALFORMED;
  const found = results.flatMap(
    ({ attribute }) => attribute?.choices?.edges.map(({ node }: { node: FoundValue }) => node) ?? [],
  );
  return done([], found);
}

/** `addValues.1.name` of an attribute is the second of its values in the call: named by its ref. */
function namedErrors(
  { errors }: Result,
  step: Step & { kind: 'create_values' },
  group: readonly NewValue[],
): readonly PayloadError[] {
  return (errors ?? []).map((error) => {
    const [member, position] = (error.path ?? '').split('.');
    const value = member === 'addValues' ? group[Number(position)] : undefined;
    return value === undefined ? error : { ...error, path: step.refs[step.values.indexOf(value)] ?? null };
  });
}

/** What the step made, by external reference; null unless every value is there. */
export function madeOf(
  step: Step & { kind: 'create_values' },
  found: readonly FoundValue[],
): readonly CreatedResource[] | null {
  const byReference = new Map(found.map((value) => [value.externalReference, value]));
  const made = step.values.flatMap(({ reference }, index): CreatedResource[] => {
    const value = byReference.get(reference);
    return value === undefined ? [] : [{ ref: step.refs[index] ?? '', id: value.id, slug: value.slug ?? '' }];
  });
  return made.length === step.values.length ? made : null;
}
