import type { Severity } from '../../core/diagnostic.ts';

export const CI_FORMATS = ['github', 'junit', 'sarif'] as const;
export type CiFormat = (typeof CI_FORMATS)[number];

export const isCiFormat = (format: string): format is CiFormat => CI_FORMATS.some((one) => one === format);

/** What a command found, as CI systems show it: annotations, test reports, code scanning. Text is unescaped. */
export interface CiReport {
  /** The command: `lint`, `drift`. */
  readonly name: string;
  /** The result in one sentence. */
  readonly verdict: string;
  readonly findings: readonly CiFinding[];
  /** The file of the repository that findings without a place of their own belong to; null: none is known. */
  readonly file: string | null;
  /** The command that lists every finding. */
  readonly listAll: string;
}

export interface CiFinding {
  readonly severity: Severity;
  /** Whether it alone makes the exit code of the command something else than 0. */
  readonly fails: boolean;
  readonly code: string;
  /** What it is about: `page.107`, `product.voice-agent`. */
  readonly ref: string;
  readonly title: string;
  readonly message: string;
  /** The next step, or ''. */
  readonly hint: string;
  /** Where a person opens it; null: not known. */
  readonly url: string | null;
  /** Its line in a file of the repository; null: it is not about a file. */
  readonly place: { readonly file: string; readonly line: number } | null;
}

/** Errors first, then warnings, then notes; otherwise in the order given. */
export const bySeverity = (findings: readonly CiFinding[]): readonly CiFinding[] =>
  (['error', 'warning', 'note'] as const).flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );

/** The first `max` characters of the text; a truncated text ends with its length. */
export const cutText = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max)}… (${text.length} characters)`;
