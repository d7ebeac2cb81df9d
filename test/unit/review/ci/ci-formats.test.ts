import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { visible } from '../../../../src/core/text/invisible-characters.ts';
import type { CiFinding, CiReport } from '../../../../src/review/ci/ci-report.ts';
import { renderCi } from '../../../../src/review/ci/render-ci.ts';
import { workflowCommand } from '../../../../src/review/ci/workflow-commands.ts';
import { logCommandIn, logLines, parseXml } from '../../../support/ci-readers.ts';
import { hostile } from '../../../support/hostile-text.ts';

const finding = (more: Partial<CiFinding> = {}): CiFinding => ({
  severity: 'error',
  fails: true,
  code: 'required_field_empty',
  ref: 'page.107',
  title: 'Voice agent',
  message: 'the required field cp_offering_id is empty',
  hint: 'Fill it in on the page.',
  url: 'https://cms.example.com/admin/pages/107/edit/',
  place: null,
  ...more,
});

const report = (findings: readonly CiFinding[], more: Partial<CiReport> = {}): CiReport => ({
  name: 'lint',
  verdict: '1 error and 0 warnings in 1 place.',
  findings,
  file: 'shop/sailplan.config.json',
  listAll: 'sailplan lint --format csv',
  ...more,
});

/** Words that would end what they stand in, or begin a command of their own. */
const FORGED = [
  '::error::x',
  '\n::stop-commands::token',
  '##[add-mask]secret',
  'x ##[set-output name=a]b',
  '%0A::add-mask::x',
  '%25',
  'a,b:c=d;e]',
  ']]>',
  '<![CDATA[',
  '&amp;<failure>',
  '\u0000\u0008\ufffe\ud800',
  '\r\u2028\u0085',
  '[x](https://evil.example.com)',
  '{0}',
];

const hostileFinding = fc
  .record({
    severity: fc.constantFrom('error', 'warning', 'note'),
    fails: fc.boolean(),
    code: fc.constantFrom('key_malformed', 'drift_update'),
    ref: fc.oneof(hostile, fc.constantFrom(...FORGED)),
    title: fc.oneof(hostile, fc.constantFrom(...FORGED)),
    message: fc.oneof(hostile, fc.constantFrom(...FORGED)),
    hint: fc.oneof(hostile, fc.constantFrom(...FORGED)),
    url: fc.option(fc.constantFrom('https://cms.example.com/admin/pages/7/edit/')),
    place: fc.option(fc.record({ file: fc.oneof(hostile, fc.constantFrom(...FORGED)), line: fc.nat() })),
  })
  .map((one): CiFinding => one);

describe('github', () => {
  test('an annotation names the resource, the file with its line, the fix and where an editor opens the page', () => {
    const place = { file: 'shop/sailplan.contract.json', line: 12 };
    const [line = '', verdict] = logLines(renderCi(report([finding({ place })]), 'github'));
    expect(logCommandIn(line)).toEqual({
      name: 'error',
      properties: { file: place.file, line: '12', title: 'page.107 "Voice agent"' },
      data: [
        'the required field cp_offering_id is empty',
        'Fill it in on the page.',
        'https://cms.example.com/admin/pages/107/edit/',
      ].join('\n'),
    });
    expect(verdict).toBe('1 error and 0 warnings in 1 place.');
  });

  test('nothing from outside is a command of its own, or changes the one that it stands in', () => {
    fc.assert(
      fc.property(fc.array(hostileFinding, { maxLength: 4 }), hostile, (findings, verdict) => {
        const lines = logLines(renderCi(report(findings, { verdict }), 'github')).filter(
          (line) => line !== '',
        );
        const commands = lines.map(logCommandIn).filter((one) => one !== null);
        expect(commands).toHaveLength(findings.length);
        for (const { name, properties } of commands) {
          expect(['error', 'warning', 'notice']).toContain(name);
          expect(['title', 'file', 'line']).toEqual(expect.arrayContaining(Object.keys(properties)));
        }
        // The log has no other line than these and the verdict.
        expect(lines.length).toBeLessThanOrEqual(findings.length + 1);
        const messages = [...findings]
          .sort((a, b) => order(a) - order(b))
          .map(({ message }) => visible(message).slice(0, 40));
        expect(commands.map(({ data }) => data.split('\n')[0]?.slice(0, 40) ?? '')).toEqual(
          messages.map((message, index) => (message === '' ? expect.any(String) : messages[index])),
        );
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  test('of more findings than GitHub shows, the last annotation counts the others and names the command that lists them', () => {
    const findings = [
      ...Array.from({ length: 12 }, (_, index) => finding({ ref: `page.${index}` })),
      ...Array.from({ length: 10 }, () => finding({ severity: 'warning', fails: false })),
    ];
    const commands = logLines(renderCi(report(findings), 'github')).flatMap(
      (line) => logCommandIn(line) ?? [],
    );
    const errors = commands.filter(({ name }) => name === 'error');
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)).toMatchObject({
      properties: { title: '3 more errors not shown here' },
      data: expect.stringContaining('sailplan lint --format csv'),
    });
    const warnings = commands.filter(({ name }) => name === 'warning');
    expect(warnings).toHaveLength(10);
    expect(warnings.at(-1)?.properties['title']).toBe('page.107 "Voice agent"');
  });

  test('a message of a megabyte is cut, and says so', () => {
    const text = renderCi(
      report([finding({ message: 'x'.repeat(1_000_000), title: 'y'.repeat(9_000) })]),
      'github',
    );
    expect(text.length).toBeLessThan(5_000);
    expect(text).toContain('(1000000 characters)');
  });

  test('a failure of the program is one command too, whatever it quotes', () => {
    for (const forged of FORGED) {
      const [line = '', ...more] = logLines(
        workflowCommand('error', { title: forged, lines: [forged, forged] }),
      );
      expect([forged, more]).toEqual([forged, []]);
      expect(logCommandIn(line)).toMatchObject({
        name: 'error',
        data: `${visible(forged)}\n${visible(forged)}`,
      });
    }
  });
});

const order = ({ severity }: CiFinding): number => ['error', 'warning', 'note'].indexOf(severity);

describe('junit', () => {
  test('a resource is a test case, failed by what fails the command; other findings are its output', () => {
    const suite = parseXml(
      renderCi(
        report([finding(), finding({ severity: 'warning', fails: false, message: 'a warning' })]),
        'junit',
      ),
    ).children[0];
    expect(suite?.attributes).toMatchObject({
      name: 'sailplan lint',
      tests: '1',
      failures: '1',
      errors: '0',
    });
    const [one] = suite?.children ?? [];
    expect(one?.attributes).toEqual({ classname: 'sailplan lint', name: 'page.107 "Voice agent"' });
    expect(one?.children.map(({ name }) => name)).toEqual(['failure', 'system-out']);
    expect(one?.children[0]).toMatchObject({
      attributes: { type: 'required_field_empty', message: 'the required field cp_offering_id is empty' },
      text: expect.stringContaining('/admin/pages/107/edit/'),
    });
    expect(one?.children[1]?.text).toContain('a warning');
  });

  test('without a failure there is one passing case, which says the verdict', () => {
    const suite = parseXml(renderCi(report([], { verdict: 'No errors found.' }), 'junit')).children[0];
    expect(suite?.attributes).toMatchObject({ tests: '1', failures: '0' });
    expect(suite?.children[0]).toMatchObject({ attributes: { name: 'No errors found.' }, children: [] });
  });

  test('is XML whatever was found, with every finding in it', () => {
    fc.assert(
      fc.property(fc.array(hostileFinding, { maxLength: 4 }), hostile, (findings, verdict) => {
        const suite = parseXml(renderCi(report(findings, { verdict }), 'junit')).children[0];
        const cases = suite?.children.filter(({ name }) => name === 'testcase') ?? [];
        expect(suite?.attributes['tests']).toBe(String(cases.length));
        const failures = cases.flatMap(({ children }) => children.filter(({ name }) => name === 'failure'));
        expect(failures).toHaveLength(findings.filter(({ fails }) => fails).length);
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  test('lists 5,000 resources, failed ones first, and counts the findings of the others', () => {
    const quiet = Array.from({ length: 5_000 }, (_, index) =>
      finding({ ref: `page.${index}`, severity: 'warning', fails: false }),
    );
    const suite = parseXml(renderCi(report([...quiet, finding({ ref: 'page.9999' })]), 'junit')).children[0];
    const cases = suite?.children.filter(({ name }) => name === 'testcase') ?? [];
    expect(cases).toHaveLength(5_001);
    expect(cases[0]?.attributes['name']).toContain('page.9999');
    expect(cases.at(-1)).toMatchObject({ attributes: { name: '1 more finding' } });
  });
});

describe('sarif', () => {
  const runOf = (text: string) => JSON.parse(text).runs[0];

  test('a finding without a file is at the file that names the source, told apart by its fingerprint', () => {
    const { results } = runOf(renderCi(report([finding(), finding({ ref: 'page.108' })]), 'sarif'));
    expect(results[0]).toMatchObject({
      ruleId: 'required_field_empty',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'shop/sailplan.config.json' },
            region: { startLine: 1 },
          },
          logicalLocations: [{ fullyQualifiedName: 'page.107' }],
        },
      ],
    });
    const prints = results.map((one: { partialFingerprints: object }) => one.partialFingerprints);
    expect(prints[0]).not.toEqual(prints[1]);
    // The same finding of the next run is the same alert.
    expect(runOf(renderCi(report([finding()]), 'sarif')).results[0].partialFingerprints).toEqual(prints[0]);
  });

  test('text from outside is no link, no placeholder and no hidden character', () => {
    for (const forged of FORGED) {
      const { results } = runOf(
        renderCi(report([finding({ message: forged, title: '', hint: '' })]), 'sarif'),
      );
      const { text } = results[0].message;
      expect([forged, /\]\(|(?<!\{)\{(?!\{)/.test(text)]).toEqual([forged, false]);
      expect([forged, /[\u0000-\u0009\u000b-\u001f\u0085\u2028\ud800]/.test(text)]).toEqual([forged, false]);
    }
  });

  test('a path is a URI', () => {
    const { results } = runOf(
      renderCi(report([finding({ place: { file: 'ünser shop/a#b%.json', line: 3 } })]), 'sarif'),
    );
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: '%C3%BCnser%20shop/a%23b%25.json' },
      region: { startLine: 3 },
    });
  });

  test('keeps to 5,000 results, errors first, and says how many are not listed', () => {
    const findings = Array.from({ length: 6_000 }, (_, index) =>
      finding({
        ref: `page.${index}`,
        severity: index === 5_999 ? 'error' : 'warning',
        message: 'x'.repeat(2_000),
      }),
    );
    const text = renderCi(report(findings), 'sarif');
    const { results, invocations } = runOf(text);
    expect(results).toHaveLength(5_000);
    expect(results[0].level).toBe('error');
    expect(invocations[0].toolExecutionNotifications[0].message.text).toContain(
      '1,000 more findings not listed',
    );
  });
});
