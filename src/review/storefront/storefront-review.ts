import { groupBy } from '../../core/collections.ts';
import type { Severity } from '../../core/diagnostic.ts';
import { formatCount, plural } from '../../core/text/counting.ts';
import type { StorefrontProof } from '../../plan/storefront/compare-storefront.ts';
import type { FilterCount } from '../../plan/storefront/finding.ts';
import { CAUSE_TEXTS, findingHint, findingMessage } from '../../plan/storefront/finding-messages.ts';

/** A proof with where and how it was made. */
export interface ProvedStorefront extends StorefrontProof {
  readonly channel: string;
  readonly api_url: string;
  readonly requests: number;
}

/** Findings of one code and cause. */
interface FindingGroup {
  readonly severity: Severity;
  readonly code: string;
  /** As text. */
  readonly cause: string;
  readonly hint: string;
  readonly items: readonly { readonly ref: string; readonly message: string }[];
}

/** The content of a storefront review for all formats; contains text from outside, not escaped. */
export interface StorefrontReview {
  readonly channel: string;
  readonly api_url: string;
  readonly isRight: boolean;
  readonly verdict: string;
  /** Counts of what was read. */
  readonly figures: string;
  readonly counts: StorefrontProof['counts'] & {
    readonly errors: number;
    readonly warnings: number;
    readonly filters: number;
  };
  readonly groups: readonly FindingGroup[];
  /** What was skipped, with the command that lists it in backticks; null: nothing. */
  readonly skipped: string | null;
  /** `2 findings excluded (ignore, --exclude)`; null: none. */
  readonly excluded: string | null;
  readonly attributes: readonly AttributeFilters[];
}

/** The filter values of one attribute. */
export interface AttributeFilters {
  readonly attribute: string;
  readonly values: readonly FilterCount[];
  /** Values whose planned and found products differ in number, or that find a product by mistake. */
  readonly wrong: number;
  /** Terms that have no choice, so no filter value. */
  readonly missing: number;
}

export function buildStorefrontReview(proof: ProvedStorefront): StorefrontReview {
  const { findings, filters, counts, requests, skipped, excluded } = proof;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const wrongValues = new Set(
    findings.flatMap(({ code, data }) =>
      code.startsWith('filter_') ? [JSON.stringify([data['attribute'], data['value']])] : [],
    ),
  );
  const attributes = [...groupBy(filters, ({ attribute }) => attribute)].map(([attribute, values]) => ({
    attribute,
    values,
    missing: findings.filter(({ code, data }) => code === 'choice_missing' && data['attribute'] === attribute)
      .length,
    wrong: values.filter(({ value }) => wrongValues.has(JSON.stringify([attribute, value]))).length,
  }));
  return {
    channel: proof.channel,
    api_url: proof.api_url,
    isRight: errors === 0,
    verdict: verdictOf(errors, skipped.length),
    figures: [
      `${plural(counts.pages, 'page')}: ${publicationText(proof)}`,
      `${plural(filters.length, 'filter value')} of ${plural(attributes.length, 'attribute')}`,
      `${plural(requests, 'request')} (queries only, without a token)`,
    ].join('; '),
    counts: { ...counts, errors, warnings, filters: filters.length },
    groups: groupsOf(proof),
    skipped:
      skipped.length === 0
        ? null
        : `${plural(skipped.length, 'page')} skipped because of errors in Wagtail: see \`sailplan lint\`.`,
    excluded:
      excluded.length === 0 ? null : `${plural(excluded.length, 'finding')} excluded (ignore, --exclude).`,
    // Where nothing is published, every filter is empty.
    attributes: filters.some(({ planned, total }) => planned + total > 0) ? attributes : [],
  };
}

/** `20 listed, 1 not published, 3 skipped`: adds up to the pages. */
const publicationText = ({ counts, skipped }: ProvedStorefront): string =>
  [
    `${formatCount(counts.listed)} listed`,
    ...(
      [
        [counts.unlisted, 'unlisted'],
        [counts.not_published, 'not published'],
        [skipped.length, 'skipped'],
      ] as const
    ).flatMap(([count, word]) => (count === 0 ? [] : [`${formatCount(count)} ${word}`])),
  ].join(', ');

function verdictOf(errors: number, skipped: number): string {
  if (errors > 0) return `${plural(errors, 'error')}: shoppers do not see what is planned.`;
  if (skipped > 0) return 'Shoppers see what is planned, as far as pages could be compared.';
  return 'Shoppers see what is planned.';
}

function groupsOf({ findings }: StorefrontProof): readonly FindingGroup[] {
  const groups = groupBy(findings, ({ severity, code, cause }) => `${severity} ${code} ${cause}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { severity, code, cause } = first;
    const items = group.map((finding) => ({ ref: finding.ref, message: findingMessage(finding) }));
    return [{ severity, code, cause: CAUSE_TEXTS[cause], hint: findingHint(first), items }];
  });
}

/** `Data analyst (data_analyst)`, `true`, `old_value (no term)` */
export const valueText = ({ value, label }: FilterCount): string =>
  typeof value === 'boolean' ? String(value) : `${label ?? 'no term'} (${value})`;

/** Findings with one message, such as a flag of each attribute, in one item with all their refs. */
export function byMessage(
  items: readonly { readonly ref: string; readonly message: string }[],
): readonly { readonly refs: readonly string[]; readonly message: string }[] {
  return [...groupBy(items, ({ message }) => message)].map(([message, group]) => ({
    message,
    refs: group.map(({ ref }) => ref),
  }));
}
