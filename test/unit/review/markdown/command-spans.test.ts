import { expect, test } from '@jest/globals';
import { parse } from '../../../../src/cli/argv/parse.ts';
import { COMMANDS } from '../../../../src/cli/definitions/index.ts';
import { prose } from '../../../../src/review/markdown/escape.ts';
import { literalsOf, sourceFiles } from '../../../support/source-literals.ts';

const PROGRAM = { name: 'sailplan', command: null };
const TEXTS = [...new Set(sourceFiles().flatMap(literalsOf))].filter((text) =>
  /\bsailplan [a-z-]/.test(text),
);

test('Markdown shows every command of a message as one span, which the program accepts', async () => {
  const spans = TEXTS.flatMap((text) => prose(text).match(/`sailplan [^`]+`/g) ?? []).map((span) =>
    span.slice(1, -1).replace(/ >.*| …$/, ''),
  );
  expect(new Set(spans).size).toBeGreaterThan(40);
  const refused: string[] = [];
  for (const span of new Set(spans))
    await parse(span.split(' ').slice(1), PROGRAM, 80).catch(({ message }) => {
      // A sentence may name a command or an option alone.
      if (!/needs a value|missing argument/.test(message)) refused.push(`${span}: ${message}`);
    });
  expect(refused).toEqual([]);
});

test('no span ends in the middle of a command', () => {
  const cut = TEXTS.map((text) => prose(text)).filter((text) =>
    /sailplan [a-z ]+`? `-|`sailplan`/.test(text),
  );
  expect(cut).toEqual([]);
});

test.each(COMMANDS.map(({ name }) => name))('sailplan %s with an option is one span', (name) => {
  expect(prose(`run sailplan ${name} --quiet, then`)).toBe(`run \`sailplan ${name} --quiet\`, then`);
});
