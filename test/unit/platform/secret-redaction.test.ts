import { describe, expect, test } from '@jest/globals';
import { secretsIn } from '../../../src/cli/secret-variables.ts';
import { Failure } from '../../../src/core/failure.ts';
import { withoutCredentials } from '../../../src/core/web-address.ts';
import { allowOrigin, NONE_ALLOWED, type Side } from '../../../src/platform/http/origin-policy.ts';
import { createSecrets } from '../../../src/platform/secret-redaction.ts';

const TOKEN = 'pa55+word/"é&<x>';
const secrets = createSecrets({ SALEOR_TOKEN: TOKEN, WAGTAIL_TOKEN: 'abcdefgh' });

function codeOf(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'none';
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret is known by its value, in whatever form it stands', () => {
  const forms: Record<string, string> = {
    plain: `Authorization: Bearer ${TOKEN}`,
    'in JSON': JSON.stringify({ header: `Bearer ${TOKEN}` }),
    'in a query': `https://shop.example.com/?token=${encodeURIComponent(TOKEN)}&x=1`,
    'with small hex digits': encodeURIComponent(TOKEN).toLowerCase().replace('pa55', 'pa55'),
    'in HTML': `<p>${TOKEN.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')}</p>`,
    base64: base64(TOKEN),
    'base64 after a user name': base64(`user:${TOKEN}`),
    'base64 after another': base64(`me:${TOKEN}:more`),
    'base64 after a third': base64(`x:${TOKEN} and text`),
    base64url: Buffer.from(`user:${TOKEN}`).toString('base64url'),
  };

  test.each(Object.entries(forms))('%s', (_, text) => {
    expect(codeOf(() => secrets.assertNoSecret(text, 'plan.json'))).toBe('secret_found');
    const redacted = secrets.redact(text);
    expect(redacted).toContain('[SALEOR_TOKEN]');
    expect(codeOf(() => secrets.assertNoSecret(redacted, 'plan.json'))).toBe('none');
  });

  test('needlessly escaped: refused in a file', () => {
    expect(codeOf(() => secrets.assertNoSecret('%61bc%64efgh', 'report.json'))).toBe('secret_found');
    expect(codeOf(() => secrets.assertNoSecret('"\\u0061bcdefgh"', 'report.json'))).toBe('secret_found');
  });

  test('a failure names the variable and the file, and not the value', () => {
    expect(() => secrets.assertNoSecret(`x ${TOKEN}`, 'plans/1/plan.json')).toThrow(
      'plans/1/plan.json: the value of SALEOR_TOKEN occurs in it, so it is not written',
    );
  });

  test('what is no secret stays as it is', () => {
    const text = 'abcdefg data_analyst 100% sure, \\u12 %zz';
    expect(secrets.redact(text)).toBe(text);
    expect(codeOf(() => secrets.assertNoSecret(text, 'x'))).toBe('none');
  });

  test('a secret that holds another goes whole', () => {
    const both = createSecrets({ SHORT: 'abcdefgh', LONG: 'xxabcdefghyy' });
    expect(both.redact('<xxabcdefghyy>')).toBe('<[LONG]>');
  });

  test('two words: a scheme that is known is none of it; any other first word is', () => {
    const given = { SALEOR_TOKEN: 'correct horsebattery', WAGTAIL_TOKEN: 'Token abcdefgh' };
    const kept = createSecrets(secretsIn({}, given));
    expect(kept.redact('correct horsebattery, horsebattery')).toBe('[SALEOR_TOKEN], [SALEOR_TOKEN]');
    expect(kept.redact('Token abcdefgh')).toBe('Token [WAGTAIL_TOKEN]');
    expect(codeOf(() => createSecrets(secretsIn({}, { WAGTAIL_TOKEN: 'Token abc' })))).toBe(
      'secret_too_short',
    );
  });

  test('a short one is refused, and not quoted', () => {
    expect(() => createSecrets({ SALEOR_TOKEN: 'abc4567' })).toThrow(/^SALEOR_TOKEN has 7 characters/);
    expect(codeOf(() => createSecrets({ SALEOR_TOKEN: '' }))).toBe('secret_too_short');
    const hint = (name: string) => {
      try {
        createSecrets({ [name]: 'abc' });
        return '';
      } catch (error) {
        return (error as { hint: string }).hint;
      }
    };
    expect(hint('SALEOR_TOKEN')).toContain('30 characters');
    expect(hint('CONTROL_PLANE_TOKEN')).toBe(
      'Check CONTROL_PLANE_TOKEN: it must be the complete token, not a placeholder.',
    );
  });
});

describe('a token goes only where a person sent it', () => {
  const GOOD = 'https://shop.example.com';
  const listed = (list: string, bareSide: Side | null = null) => ({ list, bareSide, ignoredBecause: null });
  const env = listed(`saleor=${GOOD}, saleor=https://other.example.com:8443`);
  const config = { fromConfig: true, side: 'saleor' as const };
  const given = { fromConfig: false, side: 'saleor' as const };

  test('an address from the environment or the command line is taken', () => {
    expect(allowOrigin(`${GOOD}/graphql/`, given, NONE_ALLOWED).href).toBe(`${GOOD}/graphql/`);
  });

  test('an address from a config file only when its origin is listed', () => {
    expect(codeOf(() => allowOrigin(`${GOOD}/graphql/`, config, env))).toBe('none');
    expect(codeOf(() => allowOrigin('https://other.example.com:8443/graphql/', config, env))).toBe('none');
    expect(codeOf(() => allowOrigin('HTTPS://SHOP.EXAMPLE.COM:443/graphql/', config, env))).toBe('none');
    expect(codeOf(() => allowOrigin(`${GOOD}/graphql/`, config, NONE_ALLOWED))).toBe('origin_not_allowed');
  });

  test.each([
    'https://evil.example.com/graphql/',
    'https://shop.example.com.evil.example.com/graphql/',
    'https://shop.example.com@evil.example.com/graphql/',
    'https://shop.example.com%2f@evil.example.com/',
    'https://shop.example.com:444/graphql/',
    'https://evil.example.com/https://shop.example.com/',
    'https://evil.example.com#https://shop.example.com',
    'https://evil.example.com\\@shop.example.com/',
    'https://shop\u3002example.evil.example.com/',
    'https://sh\u043ep.example.com/graphql/',
    'http://shop.example.com/graphql/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'not an address',
    '',
  ])('%j from a config file is refused', (url) => {
    expect(codeOf(() => allowOrigin(url, config, env))).toBe('origin_not_allowed');
  });

  test('a listed word that is no origin allows nothing', () => {
    for (const list of ['*', 'shop.example.com', 'null', 'https://*', 'data:,x']) {
      expect(codeOf(() => allowOrigin(`${GOOD}/`, config, listed(list, 'saleor')))).toBe(
        'origin_not_allowed',
      );
    }
  });

  test.each<[string, Side | null, Side, string, boolean]>([
    ['its own side', null, 'saleor', `saleor=${GOOD}`, true],
    ['the other side', null, 'wagtail', `saleor=${GOOD}`, false],
    ['the other side, too', null, 'saleor', `wagtail=${GOOD}`, false],
    ['both sides', null, 'wagtail', `saleor=${GOOD} wagtail=${GOOD}`, true],
    ['no side, and tokens of both', null, 'saleor', GOOD, false],
    ['no side, and one token', 'saleor', 'saleor', GOOD, true],
    ['no side, and the other token', 'saleor', 'wagtail', GOOD, false],
    ['two of no side', 'saleor', 'saleor', `${GOOD},https://cms.example.com`, false],
    ['twice of no side', 'saleor', 'saleor', `${GOOD},${GOOD}/`, true],
    ['no side beside one of a side', 'wagtail', 'wagtail', `saleor=https://a.example.com ${GOOD}`, true],
    ['a side that there is not', 'saleor', 'saleor', `shop=${GOOD}`, false],
  ])('an entry is of one side: %s', (_, bareSide, side, list, isAllowed) => {
    const call = () => allowOrigin(`${GOOD}/`, { fromConfig: true, side }, listed(list, bareSide));
    expect(codeOf(call)).toBe(isAllowed ? 'none' : 'origin_not_allowed');
  });

  test('without a token, an address of the config must be listed for some side', () => {
    const anonymous = { fromConfig: true, side: null };
    const plain = { ...anonymous, fromConfig: false };
    expect(codeOf(() => allowOrigin(`${GOOD}/export/`, anonymous, NONE_ALLOWED))).toBe('origin_not_allowed');
    expect(codeOf(() => allowOrigin(`${GOOD}/export/`, anonymous, listed(GOOD)))).toBe('none');
    expect(codeOf(() => allowOrigin(`${GOOD}/export/`, anonymous, listed(`wagtail=${GOOD}`)))).toBe('none');
    expect(codeOf(() => allowOrigin('http://10.0.0.1/export/', plain, NONE_ALLOWED))).toBe('none');
  });

  test('plain http only on this machine, or when asked for', () => {
    for (const host of ['localhost:8000', '127.0.0.1:8000', '127.1.2.3', '[::1]:8000']) {
      expect(codeOf(() => allowOrigin(`http://${host}/graphql/`, given, NONE_ALLOWED))).toBe('none');
    }
    for (const host of [
      'localhost.evil.example.com',
      '127.0.0.1.evil.example.com',
      '10.0.0.1',
      '[::2]',
      '0.0.0.0',
    ]) {
      expect(codeOf(() => allowOrigin(`http://${host}/graphql/`, given, NONE_ALLOWED))).toBe(
        'origin_not_allowed',
      );
    }
    expect(
      codeOf(() => allowOrigin('http://10.0.0.1/graphql/', { ...given, allowHttp: true }, NONE_ALLOWED)),
    ).toBe('none');
  });

  test('user info is never taken, nor shown', () => {
    const message = (() => {
      try {
        allowOrigin('https://me:password@shop.example.com/graphql/', given, NONE_ALLOWED);
      } catch (error) {
        return (error as Failure).message;
      }
      return '';
    })();
    expect(message).toContain('https://shop.example.com/graphql/');
    expect(message).not.toContain('password@');
  });

  test('an address is shown without user info, query and fragment', () => {
    expect(withoutCredentials('https://me:pw@shop.example.com/graphql/?token=x#y')).toBe(
      'https://shop.example.com/graphql/',
    );
  });
});

describe('what somebody else cut of a secret', () => {
  const SECRET = 's3cr3tW4gt4ilT0kenABCDEFGH';
  const kept = createSecrets({ WAGTAIL_TOKEN: SECRET });
  test.each([
    [
      'its beginning',
      `bad header "Token ${SECRET.slice(0, 12)}..." is refused`,
      '"Token [WAGTAIL_TOKEN]..."',
    ],
    [
      'its beginning, as V8 quotes',
      `Unexpected token 's', "{"a": ${SECRET.slice(0, 9)}"... is not`,
      '[WAGTAIL_TOKEN]"...',
    ],
    ['its beginning, with one character', `${SECRET.slice(0, 20)}…`, '[WAGTAIL_TOKEN]…'],
    ['its end', `..."${SECRET.slice(-11)}", "b": 1}`, '..."[WAGTAIL_TOKEN]"'],
    ['its end after an ellipsis', `…${SECRET.slice(-25)}`, '…[WAGTAIL_TOKEN]'],
  ])('%s', (_, text, shown) => {
    expect(kept.redact(text)).toContain(shown);
    expect(codeOf(() => kept.assertNoSecret(text, 'a file'))).toBe('secret_found');
  });

  test('too little of it, or no cut, is left alone', () => {
    for (const text of [
      `${SECRET.slice(0, 7)}...`,
      `...${SECRET.slice(-7)}`,
      `${SECRET.slice(0, 12)} and so on`,
    ])
      expect(kept.redact(text)).toBe(text);
  });

  test('many ellipses cost no time that grows with the number of secrets', () => {
    const begun = process.cpuUsage();
    kept.redact('… '.repeat(4_000_000));
    kept.redact('.'.repeat(8_000_000));
    expect(process.cpuUsage(begun).user).toBeLessThan(5_000_000);
  });
});
