import { expect, test } from '@jest/globals';
import { byteFaultOf } from '../../../../src/core/text/line-ends.ts';

const WRITTEN = '{\n  "a": 1\n}\n';
const faultOf = (text: string) => byteFaultOf(text, (one) => one === WRITTEN)?.because ?? null;

test('line ends, the final newline and a byte order mark are named, alone or together', () => {
  const crlf = WRITTEN.replaceAll('\n', '\r\n');
  expect(faultOf(crlf)).toBe('its line ends are CRLF, as git writes them with core.autocrlf=true');
  expect(faultOf(WRITTEN.trimEnd())).toMatch(/^the newline at its end was added or removed/);
  expect(faultOf(`${WRITTEN}\n`)).toMatch(/^the newline at its end was added or removed/);
  expect(faultOf(`\ufeff${WRITTEN}`)).toMatch(/^it begins with a byte order mark/);
  expect(faultOf(`\ufeff${crlf.trimEnd()}`)?.split('; ')).toHaveLength(3);
});

test('a text that differs in more, or not at all, is none of it', () => {
  expect(faultOf(WRITTEN)).toBeNull();
  expect(faultOf(WRITTEN.replace('1', '2').replaceAll('\n', '\r\n'))).toBeNull();
  expect(byteFaultOf(WRITTEN, () => false)).toBeNull();
});
