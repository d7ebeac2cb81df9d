import { describe, expect, test } from '@jest/globals';
import { readSigners } from '../../../../src/approval/signing/allowed-signers.ts';
import { Failure } from '../../../../src/core/failure.ts';

describe('a signers file', () => {
  const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIADeEOBW5Z0ox';
  const read = (text: string) => readSigners(Buffer.from(text)).lines;

  test('has names, options, comments and empty lines', () => {
    const text = `# reviewers\n\nkim@example.com ${KEY} Kim's laptop\na,b namespaces="git,sailplan",valid-before="20270101" ${KEY}\n`;
    expect(read(text).map(({ principals, isLiteral }) => [principals, isLiteral])).toEqual([
      [['kim@example.com'], true],
      [['a', 'b'], true],
    ]);
    expect(
      read(`*@example.com ${KEY}\n?im ${KEY}\n!kim,lee ${KEY}`).map(({ isLiteral }) => isLiteral),
    ).toEqual([false, false, false]);
  });

  test.each([
    ['a certificate authority', `*@example.com cert-authority ${KEY}`],
    ['a name in quotes', `"kim doe" ${KEY}`],
    ['an option that is not known', `kim verify-required ${KEY}`],
    ['no name', KEY],
    ['half a line', 'kim ssh-ed25519'],
    ['a carriage return inside', `kim ${KEY}\rlee ${KEY}`],
  ])('with %s is refused: two readers could differ about it', (_, text) => {
    expect(() => read(text)).toThrow(Failure);
  });
});
