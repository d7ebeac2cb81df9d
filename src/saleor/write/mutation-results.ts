import type { CreatedResource, NewValue, Step, StepReply } from '../../apply/ports.ts';
import type { Failure } from '../../core/failure.ts';
import { errorText, isCrash, type ShopError } from '../graphql/response-errors.ts';
import type { GraphQLResult } from '../graphql/send-document.ts';
import { byAttribute } from './step-mutations.ts';

type NotDone = Exclude<StepReply, { readonly state: 'done' }>;

/** A value of the shop, among which a create finds the values that it made. */
export interface FoundValue {
  readonly id: string;
  readonly slug: string | null;
  readonly externalReference: string | null;
}

/** The outcome of a step: not done, with the reason, or done, with the new values that the answer shows. */
export type MutationOutcome =
  | {
      readonly state: 'done';
      readonly made: readonly CreatedResource[];
      readonly found: readonly FoundValue[];
    }
  | NotDone;

/** The outcome of each step of one request; mutations of one request do not depend on each other (docs/saleor.md#several-mutations-in-one-request). */
export function outcomesOf(steps: readonly Step[], result: GraphQLResult): readonly MutationOutcome[] {
  if (result.kind === 'failed') {
    const outcome = outcomeWithoutData(result.failure, result.reply?.status ?? null);
    return steps.map(() => outcome);
  }
  return steps.map((step, index) => {
    const own = result.errors.filter(({ path }) => path.length === 0 || path[0] === `m${index}`);
    return own.length > 0 ? refusedOrCrashed(own) : judgePayload(step, result.data[`m${index}`]);
  });
}

/** Without data: after a status of 4xx nothing ran; a request that never arrived, or got 429, counts as not sent. */
function outcomeWithoutData({ code, message }: Failure, status: number | null): NotDone {
  if (code === 'unreachable' || status === 429) return { state: 'not_sent', code, message };
  const isRefused =
    code === 'redirect_refused' || (status !== null && status >= 400 && status < 500 && !GAVE_UP.has(status));
  return { state: isRefused ? 'refused' : 'unclear', code, message };
}

/** A proxy answers so when it stops waiting; the server may still execute the request. */
const GAVE_UP: ReadonlySet<number> = new Set([408, 499]);

/** Exceptions that Saleor raises deliberately, before it writes. */
const DELIBERATE: ReadonlySet<string> = new Set([
  'PermissionDenied',
  'ValidationError',
  'GraphQLError',
  'ExpiredSignatureError',
  'InvalidSignatureError',
  'DecodeError',
]);

/** An error at the mutation itself is a refusal or a crash; an error further inside came after the mutation had run. */
function refusedOrCrashed(errors: readonly ShopError[]): NotDone {
  const message = errorText(errors);
  const [first] = errors;
  const isRefusal = errors.every(
    (error) => error.path.length <= 1 && !isCrash(error) && DELIBERATE.has(error.code),
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

/** The answer of any mutation; its kind determines which of the objects exists. */
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

const MALFORMED: NotDone = {
  state: 'unclear',
  code: 'answer_invalid',
  message: 'the answer contains neither a result nor an error',
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

function refused(errors: readonly PayloadError[]): NotDone {
  const messages = errors.map(({ field, path, code, message }) => {
    const place = field ?? path ?? null;
    return `${place === null ? '' : `${place}: `}${message ?? 'no reason given'} (${code})`;
  });
  const more = messages.length > 3 ? `; and ${messages.length - 3} more` : '';
  return {
    state: 'refused',
    code: errors[0]?.code ?? '',
    message: `${messages.slice(0, 3).join('; ')}${more}`,
  };
}

/** Saleor writes all values or none (REJECT_EVERYTHING); errors are by attribute, with the number of the value in it. */
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

/** Replaces a path like `addValues.1.name`, the second value of an attribute in the call, by the value's ref. */
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

/** The values that a step created, found by external reference; null unless all are there. */
export function createdValues(
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
