import { createHash } from 'node:crypto';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { VERSION } from '../../core/version.ts';
import { bySeverity, type CiFinding, type CiReport, cutText } from './ci-report.ts';

/** GitHub shows the first 5,000 results of a run, and refuses one of more than 25,000. */
const RESULTS_MAX = 5_000;
const TEXT_MAX = 1_000;

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/**
 * SARIF 2.1.0. Code scanning refuses a result without a file, so a finding about a page is reported at the first line of the
 * file that names the source, with the page as its logical location; its fingerprint distinguishes it from the others there.
 */
export function renderSarif(report: CiReport): string {
  const shown = bySeverity(report.findings).slice(0, RESULTS_MAX);
  const rest = report.findings.length - shown.length;
  const codes = [...new Set(shown.map(({ code }) => code))].sort();
  const notLeftOut = { executionSuccessful: true };
  const invocation =
    rest === 0
      ? notLeftOut
      : {
          ...notLeftOut,
          toolExecutionNotifications: [
            {
              level: 'warning',
              message: messageOf([
                `${plural(rest, 'more finding')} not listed. All of them: ${report.listAll}`,
              ]),
            },
          ],
        };
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sailplan',
            version: VERSION,
            semanticVersion: VERSION,
            rules: codes.map((id) => ({
              id,
              name: id,
              shortDescription: messageOf([id.replaceAll('_', ' ')]),
            })),
          },
        },
        automationDetails: { id: `sailplan/${report.name}/` },
        invocations: [invocation],
        columnKind: 'utf16CodeUnits',
        results: shown.map((finding) => resultOf(finding, report, codes.indexOf(finding.code))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

function resultOf(finding: CiFinding, { name, file }: CiReport, ruleIndex: number) {
  const { severity, code, ref, title, message, hint, url, place } = finding;
  const at = place ?? (file === null ? null : { file, line: 1 });
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: messageOf([title === '' || title === ref ? message : `${title}: ${message}`, hint, url ?? '']),
    locations: [
      {
        ...(at === null
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: uriOf(at.file) },
                region: { startLine: at.line },
              },
            }),
        logicalLocations: [{ fullyQualifiedName: visible(cutText(ref, TEXT_MAX)), kind: 'resource' }],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: fingerprintOf([name, code, ref, message]) },
  };
}

/** GitHub takes results with the same fingerprint for one alert. */
const fingerprintOf = (parts: readonly string[]): string =>
  `${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)}:1`;

/** A path of the repository as a relative URI. */
const uriOf = (path: string): string =>
  path
    .split('/')
    .map((step) => encodeURIComponent(visible(step)))
    .join('/');

/** A message without arguments: braces are doubled (3.11.5), and nothing from outside is a link (3.11.6). */
const messageOf = (lines: readonly string[]): { readonly text: string } => ({
  text: lines
    .filter((line) => line !== '')
    .map((line) => literal(cutText(line, TEXT_MAX)))
    .join('\n'),
});

const literal = (text: string): string =>
  visible(text)
    .replace(/\\u\{([0-9a-f]+)\}/g, (_, digits: string) => `U+${digits.toUpperCase().padStart(4, '0')}`)
    .replace(/[{}]/g, '$&$&')
    .replace(/\](?=\()/g, '] ');
