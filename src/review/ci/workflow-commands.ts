import type { Severity } from '../../core/diagnostic.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { type CiFinding, type CiReport, cutText } from './ci-report.ts';

/** Of one severity GitHub shows so many annotations per step, and drops the others without a word. */
const SHOWN_PER_SEVERITY = 10;
/** The runner keeps 4,096 characters of a message. */
const MESSAGE_MAX = 2_000;
const TITLE_MAX = 200;

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/**
 * Annotations as GitHub's workflow commands, then the verdict. Of more findings of one severity than GitHub shows, the last
 * annotation counts the others.
 */
export function renderWorkflowCommands(report: CiReport): string {
  const lines = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const found = report.findings.filter((finding) => finding.severity === severity);
    if (found.length <= SHOWN_PER_SEVERITY) return found.map(findingCommand);
    const shown = found.slice(0, SHOWN_PER_SEVERITY - 1);
    const rest = found.slice(shown.length);
    return [...shown.map(findingCommand), restCommand(severity, rest, report)];
  });
  return `${[...lines, visible(report.verdict)].join('\n')}\n`;
}

function findingCommand(finding: CiFinding): string {
  const { severity, ref, title, message, hint, url, place } = finding;
  const name = title === '' || title === ref ? ref : `${ref} "${title}"`;
  const body = [message, hint, url ?? ''].filter((part) => part !== '');
  return workflowCommand(severity, {
    ...(place === null ? {} : { file: place.file, line: String(place.line) }),
    title: name,
    lines: body,
  });
}

const restCommand = (severity: Severity, rest: readonly CiFinding[], { listAll }: CiReport): string =>
  workflowCommand(severity, {
    title: `${plural(rest.length, `more ${severity}`)} not shown here`,
    lines: [`GitHub shows ${SHOWN_PER_SEVERITY} annotations of a kind per step. All of them: ${listAll}`],
  });

export interface Annotation {
  readonly file?: string;
  readonly line?: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** One workflow command; text from outside can neither end it nor begin another one. */
export function workflowCommand(severity: Severity, { file, line, title, lines }: Annotation): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(line === undefined ? [] : [`line=${property(line)}`]),
    `title=${property(cutText(title, TITLE_MAX))}`,
  ];
  const message = lines.map((one) => data(visible(cutText(one, MESSAGE_MAX)))).join('%0A');
  return `::${COMMANDS[severity]} ${properties.join(',')}::${message}`;
}

const data = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');

const property = (text: string): string => data(visible(text)).replace(/:/g, '%3A').replace(/,/g, '%2C');
