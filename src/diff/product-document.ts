import type { Contract, MetadataRule } from '../contract/contract.ts';
import type { Assigned, ProductDocument } from '../core/actual-state.ts';
import type { Offering } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { recordOf } from '../core/json/records.ts';
import {
  assignedBy,
  checkEstimate,
  type DerivedReading,
  type DerivedRule,
  metadataBy,
  reportMalformed,
} from './derived-fields.ts';
import { indexOf, type TermIndex } from './term-index.ts';

/** What the contract makes of a page. `kept`: metadata keys that are neither written nor deleted. */
export interface Derived {
  readonly document: ProductDocument;
  readonly kept: ReadonlySet<string>;
  /** Errors skip the offering, but for those of images (`isOfImage`), which keep one key as it is. */
  readonly problems: readonly Diagnostic[];
}

/** What decides a document, beside the page and the terms. */
interface DocumentRules {
  readonly contract: Contract;
  /** Address of the shop; null: no shop is read. */
  readonly shopUrl: string | null;
}

/** A page that a document is derived from. */
interface DerivedPage {
  readonly offering: Offering;
  /** Ref of its product, or of the page where the product is not known. */
  readonly address: string;
  /** The document that the product has; absent: unknown. */
  readonly held?: ProductDocument | null;
}

/**
 * Returns the function that derives the document for an offering's product (docs/plan-format.md#refs-and-documents). Parts
 * that equal `held` are taken from `held`, so that nothing is allocated for the thousands of products without changes. What
 * depends on no page is computed once.
 */
export function documentDeriver(
  { contract, shopUrl }: DocumentRules,
  index: ReadonlyMap<string, TermIndex>,
): (page: DerivedPage) => Derived {
  const withTerms = <R extends { readonly taxonomy?: string }>(rule: R): DerivedRule<R> => ({
    rule,
    terms: indexOf(index, rule),
  });
  const [attributes, metadata] = [contract.attributes.map(withTerms), contract.metadata.map(withTerms)];
  const slugs = contract.attributes.map(({ slug }) => slug);
  const keys = contract.metadata.map(({ key }) => key);
  const images = new Set(contract.metadata.filter(isOfImage).map(({ source }) => source));
  const estimates = contract.metadata.filter(({ min, max }) => min !== undefined || max !== undefined);
  return ({ offering, address, held = null }) => {
    const problems: Diagnostic[] = [];
    let kept = NONE;
    const reading: DerivedReading = {
      shopUrl,
      offering,
      report: (severity, code, data) => {
        const { page_id, title } = offering;
        problems.push({ severity, code, ref: address, data: { ...data, page_id, title } });
      },
      keep: (key) => {
        kept = new Set([...kept, key]);
      },
    };
    reportMalformed(images, reading);
    const assigned = attributes.map((one) => assignedBy(one, reading, held?.attributes[one.rule.slug]));
    const texts = metadata.map((one) => metadataBy(one, reading));
    for (const rule of estimates) checkEstimate(rule, reading);
    return { document: documentOf(held, [slugs, assigned], [keys, texts]), kept, problems };
  };
}

const NONE: ReadonlySet<string> = new Set();

const isOfImage = ({ type }: MetadataRule): boolean => type === 'image';

/** Names, and the value of each; undefined: the record has no such member. */
type Members<T> = readonly [names: readonly string[], values: readonly (T | undefined)[]];

/** The held document if it has these members, otherwise a new one with those of its parts that have. */
function documentOf(
  held: ProductDocument | null,
  attributes: Members<Assigned>,
  metadata: Members<string>,
): ProductDocument {
  const document = {
    attributes: recordLike(held?.attributes, attributes),
    metadata: recordLike(held?.metadata, metadata),
  };
  const isHeld = document.attributes === held?.attributes && document.metadata === held.metadata;
  return isHeld ? held : document;
}

/** The held record if its members are the same, in the same order, otherwise a new one. */
function recordLike<T>(
  held: Readonly<Record<string, T>> | undefined,
  members: Members<T>,
): Readonly<Record<string, T>> {
  if (held !== undefined && hasExactly(held, members)) return held;
  return recordOf(...members);
}

function hasExactly<T>(record: Readonly<Record<string, T>>, [names, values]: Members<T>): boolean {
  let at = nextOf(values, 0);
  for (const name in record) {
    if (name !== names[at] || record[name] !== values[at]) return false;
    at = nextOf(values, at + 1);
  }
  return at === values.length;
}

/** Index of the first value from `start` on; their number if there is none. */
function nextOf(values: readonly unknown[], start: number): number {
  let at = start;
  while (at < values.length && values[at] === undefined) at += 1;
  return at;
}
