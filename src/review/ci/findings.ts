import type { LintReport } from '../lint-report.ts';
import type { ChangeView, DiagnosticView, FieldView, Review } from '../model/review.ts';
import { CAUSE_WORDS } from '../wording.ts';
import type { CiFinding } from './ci-report.ts';

/** What lint found, one finding for each. */
export const lintFindings = ({ places }: Pick<LintReport, 'places'>): readonly CiFinding[] =>
  places.flatMap(({ ref, title, url, findings }) =>
    findings.map(({ severity, code, message, hint }) => ({
      severity,
      fails: severity === 'error',
      code,
      ref,
      title,
      message,
      hint,
      url,
      place: null,
    })),
  );

/** Why a plan, or files that come with it, are refused. */
export const refusalFinding = (
  ref: string,
  { code, message, hint }: { readonly code: string; readonly message: string; readonly hint: string },
): CiFinding => ({
  severity: 'error',
  fails: true,
  code,
  ref,
  title: '',
  message,
  hint,
  url: null,
  place: null,
});

/** What differs, one finding for each resource; then what is wrong with pages and settings. */
export const driftFindings = (review: Review): readonly CiFinding[] => [
  ...review.groups.flatMap(({ changes }) => changes.map(differenceFinding)),
  ...problemFindings(review).map((finding) => ({ ...finding, fails: finding.severity === 'error' })),
];

/** Pages that were skipped, with each reason, and other problems. The plan is built nevertheless, so none of them fails. */
export function problemFindings({ skipped, diagnostics }: Review): readonly CiFinding[] {
  const ofPages = new Set(skipped.flatMap(({ because }) => because.map(keyOf)));
  return [
    ...skipped.flatMap(({ ref, title, link, because }) =>
      because.map((one) => ({ ...problemFinding('error', one), ref, title, url: link })),
    ),
    ...diagnostics.flatMap(({ severity, items }) =>
      items.filter((one) => !ofPages.has(keyOf(one))).map((one) => problemFinding(severity, one)),
    ),
  ];
}

const keyOf = ({ code, ref, message }: DiagnosticView): string => JSON.stringify([code, ref, message]);

const problemFinding = (severity: CiFinding['severity'], problem: DiagnosticView): CiFinding => ({
  ...problem,
  severity,
  fails: false,
  title: '',
  url: null,
  place: null,
});

const MISSING = { create: 'missing in Saleor', update: 'differs', delete: 'only in Saleor' } as const;

function differenceFinding({ ref, title, action, fields, cause, links }: ChangeView): CiFinding {
  const isMixed = new Set(fields.map((field) => field.cause)).size > 1;
  const named = fields.map((field) => (isMixed ? fieldName(field) : field.name));
  const what = action === 'update' && named.length > 0 ? `differs in ${listed(named)}` : MISSING[action];
  return {
    severity: 'warning',
    fails: true,
    code: `drift_${action}`,
    ref,
    title,
    message: `${what}${cause === null || isMixed ? '' : ` (${CAUSE_WORDS[cause]})`}`,
    hint: '',
    // Where it is edited: the page if it has one.
    url: links[0]?.url ?? null,
    place: null,
  };
}

const FIELDS_SHOWN = 8;

function listed(names: readonly string[]): string {
  const rest = names.length - FIELDS_SHOWN;
  return rest <= 0 ? names.join(', ') : `${names.slice(0, FIELDS_SHOWN).join(', ')} and ${rest} more`;
}

/** `attributes.gsv_roles (edited in Saleor)` */
const fieldName = ({ name, cause }: FieldView): string =>
  cause === null ? name : `${name} (${CAUSE_WORDS[cause]})`;
