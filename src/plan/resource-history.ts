import { membersIn, type ProductDocument } from '../core/actual-state.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import { kindOf, partsOf } from '../core/resource-ref.ts';
import type { Change } from '../diff/model.ts';
import type { Plan } from './plan.ts';

/** The resource whose history is requested. */
export type AskedResource =
  | { readonly kind: 'page'; readonly pageId: number }
  /** A ref: the resource itself; of a value, also its translations and the products that get or lose it. */
  | { readonly kind: 'ref'; readonly ref: string }
  /** A word without a kind: a product by its slug, or a term by its key. */
  | { readonly kind: 'word'; readonly word: string };

/** `product.lead-scout`, `value.gsv_roles.founder`, `page.7`, `7`, `lead-scout`, `founder` */
export function askedResource(text: string): AskedResource {
  const page = /^(?:page\.)?(\d{1,15})$/.exec(text);
  if (page !== null) return { kind: 'page', pageId: Number(page[1]) };
  return /^(attribute|assignment|value|translation|product)\../.test(text)
    ? { kind: 'ref', ref: text }
    : { kind: 'word', word: text };
}

/** What one plan did with the resource. */
export interface ResourceHistory {
  readonly changes: readonly Change[];
  /** Refs of products that get or lose the value in the plan. */
  readonly given: readonly string[];
  readonly taken: readonly string[];
  /** Codes of the errors for which the page was skipped; empty: it was not. */
  readonly skipped: readonly string[];
}

/** null: the plan did nothing with it. */
export function historyIn({ changes, skipped }: Plan, asked: AskedResource): ResourceHistory | null {
  const own = changes.filter((change) => isAbout(change, asked));
  const value = askedValue(asked);
  const moves = value === null ? [] : changes.flatMap((change) => moveOf(change, value));
  const found = {
    changes: own,
    given: moves.filter(({ isGiven }) => isGiven).map(({ ref }) => ref),
    taken: moves.filter(({ isGiven }) => !isGiven).map(({ ref }) => ref),
    skipped: skipped
      .filter(({ ref, page_id }) => isSkipped(ref, page_id, asked))
      .flatMap(({ codes }) => codes)
      .sort(byCodeUnit),
  };
  const isEmpty = own.length + moves.length + found.skipped.length === 0;
  return isEmpty ? null : found;
}

function isAbout({ ref, provenance }: Change, asked: AskedResource): boolean {
  switch (asked.kind) {
    case 'page':
      return 'page_id' in provenance && provenance.page_id === asked.pageId;
    case 'ref':
      // Product slugs may contain dots: only a value has three parts.
      return (
        ref === asked.ref ||
        (asked.ref.startsWith('value.') && ref.startsWith(`translation.${asked.ref.slice('value.'.length)}.`))
      );
    case 'word': {
      const kind = kindOf(ref);
      if (kind === 'product') return ref === `product.${asked.word}`;
      return (kind === 'value' || kind === 'translation') && partsOf(ref)[2] === asked.word;
    }
  }
}

const isSkipped = (ref: string, pageId: number, asked: AskedResource): boolean =>
  asked.kind === 'page'
    ? pageId === asked.pageId
    : ref === (asked.kind === 'ref' ? asked.ref : `product.${asked.word}`);

interface AskedValue {
  /** null: of any attribute. */
  readonly attribute: string | null;
  readonly key: string;
}

function askedValue(asked: AskedResource): AskedValue | null {
  if (asked.kind === 'word') return { attribute: null, key: asked.word };
  if (asked.kind === 'page') return null;
  const [kind, attribute, key] = partsOf(asked.ref);
  return kind === 'value' ? { attribute, key } : null;
}

/** Whether a product gets or loses the value. */
function moveOf(
  { ref, before, after }: Change,
  { attribute, key }: AskedValue,
): readonly { readonly ref: string; readonly isGiven: boolean }[] {
  if (kindOf(ref) !== 'product' || before === null || after === null) return [];
  const [old, fresh] = [before as ProductDocument, after as ProductDocument].map(
    ({ attributes }) => attributes,
  );
  const names = attribute === null ? Object.keys(fresh ?? {}) : [attribute];
  return names.flatMap((name) => {
    const [had, has] = [old, fresh].map((all) => membersIn(own(all ?? {}, name)).includes(key));
    return had === has ? [] : [{ ref, isGiven: has === true }];
  });
}
