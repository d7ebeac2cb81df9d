import { groupBy } from '../../core/collections.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { bySeverity, type CiFinding, type CiReport, cutText } from './ci-report.ts';

/** GitLab shows no report of more than some MB; nobody reads further. */
const CASES_MAX = 5_000;
const TEXT_MAX = 2_000;

/**
 * JUnit XML (junit-10.xsd of the Jenkins xUnit plugin, which GitLab, Jenkins and others read): one test case per resource with
 * findings, failed if one of them fails the command. Without findings one passing case contains the verdict, because an empty
 * report looks as if nothing had run.
 */
export function renderJunit(report: CiReport): string {
  const groups = [...groupBy(bySeverity(report.findings), ({ ref }) => ref)];
  const shown = groups.slice(0, CASES_MAX);
  const rest = groups.slice(CASES_MAX).flatMap(([, findings]) => findings);
  const suite = `sailplan ${report.name}`;
  const cases = [
    ...shown.map(([ref, findings]) => caseOf(suite, ref, findings)),
    ...(rest.length === 0 ? [] : [restCase(suite, report, rest)]),
  ];
  const failed = cases.filter(({ fails }) => fails).length;
  if (failed === 0)
    cases.unshift({ fails: false, xml: element(suite, cutText(report.verdict, TEXT_MAX), []) });
  const counts = `tests="${cases.length}" failures="${failed}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sailplan" ${counts}>`,
    `  <testsuite name="${xml(suite)}" ${counts} skipped="0">`,
    ...cases.map((one) => one.xml),
    `    <system-out>${xml(cutText(report.verdict, TEXT_MAX))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  readonly fails: boolean;
  readonly xml: string;
}

function caseOf(suite: string, ref: string, findings: readonly CiFinding[]): Case {
  const title = findings[0]?.title ?? '';
  const failures = findings.filter(({ fails }) => fails).map(failure);
  const others = findings.filter(({ fails }) => !fails).map((finding) => detail(finding));
  const output = others.length === 0 ? [] : [`<system-out>${xml(others.join('\n'))}</system-out>`];
  const name = title === '' || title === ref ? ref : `${ref} "${title}"`;
  return {
    fails: failures.length > 0,
    xml: element(suite, cutText(name, TEXT_MAX), [...failures, ...output]),
  };
}

const failure = (finding: CiFinding): string =>
  `<failure type="${xml(finding.code)}" message="${xml(cutText(finding.message, TEXT_MAX))}">${xml(detail(finding))}</failure>`;

function restCase(suite: string, { listAll }: CiReport, rest: readonly CiFinding[]): Case {
  const fails = rest.some((finding) => finding.fails);
  const said = `${plural(rest.length, 'more finding')} not listed. All of them: ${listAll}`;
  const part = fails
    ? `<failure type="not_listed" message="${xml(said)}"/>`
    : `<system-out>${xml(said)}</system-out>`;
  return { fails, xml: element(suite, plural(rest.length, 'more finding'), [part]) };
}

function element(suite: string, name: string, parts: readonly string[]): string {
  const head = `    <testcase classname="${xml(suite)}" name="${xml(name)}"`;
  if (parts.length === 0) return `${head}/>`;
  return [`${head}>`, ...parts.map((part) => `      ${part}`), '    </testcase>'].join('\n');
}

/** Lines of our own; text from outside is in one line each. */
function detail({ severity, code, message, hint, url }: CiFinding): string {
  const lines = [`${severity} ${code}: ${cutText(message, TEXT_MAX)}`, cutText(hint, TEXT_MAX), url ?? ''];
  return lines
    .filter((line) => line !== '')
    .map((line) => visible(line))
    .join('\n');
}

/** Characters that XML 1.0 has no way to write, not even as a reference. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const xml = (text: string): string =>
  visible(text, { newlines: true })
    .replace(NOT_XML, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
