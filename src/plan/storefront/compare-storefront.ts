import { byCodeUnit, own } from '../../core/json/records.ts';
import { ref } from '../../core/resource-ref.ts';
import type { Exclusion } from '../../diff/model.ts';
import { compareAttribute } from './compare-attribute.ts';
import type { ListedPage } from './compare-filters.ts';
import { comparePublication, type Publication } from './compare-publication.ts';
import { type FilterCount, findError, type StorefrontFinding } from './finding.ts';
import { plannedStorefront, type SkippedPage, type StorefrontInputs } from './planned-pages.ts';
import type { PublicShop } from './public-shop.ts';

/** What a shopper sees, beside what is planned. */
export interface StorefrontProof {
  /** Errors first; within a severity by code and ref. */
  readonly findings: readonly StorefrontFinding[];
  readonly filters: readonly FilterCount[];
  readonly skipped: readonly SkippedPage[];
  readonly excluded: readonly StorefrontFinding[];
  /** Exclusions that match no finding: misspelt, or no longer needed. */
  readonly unmatched: readonly Exclusion[];
  readonly counts: Publication['counts'];
}

/** Notes: facts that are not errors. */
export interface StorefrontTolerance {
  /** Refs or fields that shall stay as they are. */
  readonly exclusions: readonly Exclusion[];
  /** Products that are not published or not listed are notes, not errors. */
  readonly mayBeUnpublished: boolean;
}

/** Compares the answers of the public API with pages and terms. Pure. */
export function compareStorefront(
  inputs: StorefrontInputs,
  shop: PublicShop,
  { exclusions, mayBeUnpublished }: StorefrontTolerance,
): StorefrontProof {
  const planned = plannedStorefront(inputs);
  const { listed, findings: ofProducts, counts } = comparePublication(planned, shop);
  const compared = inputs.contract.attributes.map((rule) =>
    compareAttribute(inputs, planned, { rule, shop, listed }),
  );
  // Where no product is listed, that no filter finds one is no further fact.
  const parts = listed.length > 0 ? compared : compared.map(withoutEmptyChoices);
  const all = [
    ...(mayBeUnpublished ? ofProducts.map(asNote) : ofProducts),
    ...parts.flatMap(({ findings }) => findings),
    ...listed.flatMap((one) => compareCard(inputs, one)),
    ...listed.flatMap((one) => compareSearch(one, shop)),
  ].sort(byWeight);
  const isExcluded = (finding: StorefrontFinding) => exclusions.some((one) => excludes(one, finding));
  return {
    findings: all.filter((finding) => !isExcluded(finding)),
    filters: parts.flatMap((part) => part.counts),
    skipped: planned.skipped,
    excluded: all.filter(isExcluded),
    unmatched: exclusions.filter((one) => !all.some((finding) => excludes(one, finding))),
    counts,
  };
}

const excludes = ({ ref: address, field }: Exclusion, finding: StorefrontFinding): boolean =>
  address === finding.ref && (field === null || field === finding.field);

const withoutEmptyChoices = ({ findings, counts }: ReturnType<typeof compareAttribute>) => ({
  findings: findings.filter(({ code }) => code !== 'choice_without_product'),
  counts,
});

/** A product may be kept back on purpose; a channel without any may not. */
const asNote = (finding: StorefrontFinding): StorefrontFinding =>
  finding.code.startsWith('product_') ? { ...finding, severity: 'note' } : finding;

const SEVERITIES = ['error', 'warning', 'note'];

const byWeight = (a: StorefrontFinding, b: StorefrontFinding): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  byCodeUnit(a.code, b.code) ||
  byCodeUnit(a.ref, b.ref) ||
  byCodeUnit(a.field ?? '', b.field ?? '');

/** The metadata that the listing card reads. */
function compareCard(
  { contract }: StorefrontInputs,
  { page, slug, product }: ListedPage,
): readonly StorefrontFinding[] {
  const { page_id, title } = page.offering;
  return contract.metadata.flatMap(({ key }) => {
    if (page.kept.has(key)) return [];
    const [planned, shown] = [own(page.document.metadata, key) ?? null, own(product.metadata, key) ?? null];
    if (planned === shown) return [];
    const data = { key, planned, shown, page_id, title };
    const finding = findError('card_metadata_differs', 'metadata', ref.product(slug), data);
    return [{ ...finding, field: `metadata.${key}` }];
  });
}

function compareSearch({ page, slug, product }: ListedPage, shop: PublicShop): readonly StorefrontFinding[] {
  if (shop.notSearchable?.has(slug) !== true) return [];
  const { page_id, title } = page.offering;
  return [
    findError('search_misses_product', 'search_index', ref.product(slug), {
      page_id,
      title,
      name: product.name,
    }),
  ];
}
