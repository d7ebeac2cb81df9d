import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../../src/contract/contract.ts';
import { Failure } from '../../../../src/core/failure.ts';
import type { Json, JsonObject } from '../../../../src/core/json/json-value.ts';
import { pythonForm } from '../../../../src/wagtail/export/content-digest.ts';
import { readExport } from '../../../../src/wagtail/export/read-export.ts';
import { readExportPieces } from '../../../../src/wagtail/export/read-export-stream.ts';

const RECORDED = readFileSync('test/recordings/wagtail-export.json', 'utf8');
type Loose = Record<string, unknown> & {
  offerings: Record<string, unknown>[];
  taxonomies: Record<string, Record<string, unknown>[]>;
  source: Record<string, unknown>;
};

/** The recorded export, changed, without its digest. */
function edited(change: (document: Loose) => void): string {
  const document = JSON.parse(RECORDED) as Loose;
  document['content_sha256'] = undefined;
  change(document);
  return JSON.stringify(document);
}

const page = (document: Loose, index: number) => document.offerings[index] as Record<string, unknown>;

function failureOf(text: string): Failure {
  try {
    readExport(text, GTM_V1, { name: 'catalog.json' });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('was read');
}

const sealed = (content: string) => createHash('sha256').update(content).digest('hex');

describe('the recorded export', () => {
  const desired = readExport(RECORDED, GTM_V1);

  test('is read as it is', () => {
    expect(desired.source).toEqual({ kind: 'export', locale: 'en', page_type: null, access: 'unknown' });
    expect(desired.offerings).toHaveLength(47);
    expect(Object.keys(desired.taxonomies)).toHaveLength(10);
    expect(desired.problems).toEqual([]);
    expect(desired.offerings.map(({ page_id }) => page_id)).toEqual(
      desired.offerings.map(({ page_id }) => page_id).sort((a, b) => a - b),
    );
  });

  test('keeps malformed and double keys for diff to judge', () => {
    const keys = desired.taxonomies['integrations']?.map(({ key }) => key) ?? [];
    expect(keys).toEqual(expect.arrayContaining(['', 'MS Teams!', 'hubspot ']));
    expect(keys.filter((key) => key === 'slack')).toHaveLength(2);
  });

  test('gives every mapped field in its own shape', () => {
    const first = desired.offerings[0];
    expect(first).toMatchObject({
      page_id: 10,
      title: 'Offering 01',
      saleor_product_id: 'UHJvZHVjdDox',
      saleor_product_slug: null,
      fields: {
        category: 'sales',
        roles: ['founder'],
        trial_available: true,
        credits_estimate_min: 5,
        card_image: { url: expect.stringContaining('http://127.0.0.1:8100/media/') },
      },
    });
    expect(first?.fields).not.toHaveProperty('url');
    expect(desired.offerings.at(-1)?.fields['card_image']).toEqual({ error: 'SourceImageIOError: image 13' });
  });
});

describe('what is not an export is refused with its place', () => {
  test.each([
    ['', 'document_malformed', 'catalog.json is empty'],
    ['<!doctype html><p>Log in', 'document_malformed', 'catalog.json is an HTML page, not JSON'],
    [
      RECORDED.slice(0, 5000),
      'document_malformed',
      'catalog.json is not complete JSON (5000 characters): it ends too early',
    ],
    [
      '{"a":"x\\u0000"}',
      'document_malformed',
      'catalog.json: a: contains a NUL or a lone surrogate, which Saleor cannot store',
    ],
    [
      '{"a":["x\\ud800"]}',
      'document_malformed',
      'catalog.json: a[0]: contains a NUL or a lone surrogate, which Saleor cannot store',
    ],
    ['{"a":{"__proto__":{}}}', 'document_malformed', 'a.__proto__: members with this name are refused'],
    ['['.repeat(65) + ']'.repeat(65), 'document_malformed', 'nested deeper than 64 levels'],
    ['['.repeat(200_000) + ']'.repeat(200_000), 'document_malformed', 'nested deeper than 64 levels'],
    ['null', 'format_unknown', 'catalog.json is not a catalog export: its format is missing'],
    ['{"format":"plan"}', 'format_unknown', 'its format is "plan"'],
    ['{"format":"catalog-export","format_version":2}', 'format_unknown', 'has format_version 2'],
  ])('%#', (text, code, message) => {
    const failure = failureOf(text);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(message);
  });

  const faults: [string, (document: Loose) => void][] = [
    [
      'catalog.json has 1 fault: offerings[1].page_id: 10 is also in offerings[0]',
      (d) => {
        page(d, 1)['page_id'] = 10;
      },
    ],
    [
      'offerings[1].page_id: must be a page id (a whole number, at least 1)',
      (d) => {
        page(d, 1)['page_id'] = '11';
      },
    ],
    [
      'catalog.json has 1 fault: offerings[0].page_id (and of 1 more page): must be a page id',
      (d) => {
        for (const index of [0, 1]) page(d, index)['page_id'] = null;
      },
    ],
    [
      'taxonomies.roles: must be a list',
      (d) => {
        Object.assign(d.taxonomies, { roles: { key: 'founder', label: 'Founder' } });
      },
    ],
    [
      'taxonomies.badges: missing, but the contract gtm-v1 reads it',
      (d) => {
        delete d.taxonomies['badges'];
      },
    ],
    [
      'source: the member "locale" is missing',
      (d) => {
        delete d.source['locale'];
      },
    ],
  ];
  test.each(faults)('%s', (message, change) => {
    const failure = failureOf(edited(change));
    expect(failure.code).toBe('document_malformed');
    expect(failure.message).toContain(message);
  });

  test('many faults: the first few and the count', () => {
    const failure = failureOf(
      edited((d) => {
        Object.assign(d, { offerings: d.offerings.map(() => 'ten') });
      }),
    );
    expect(failure.message).toContain('catalog.json has 47 faults: offerings[0]: must be an object');
    expect(failure.message).toContain('and 42 more');
  });

  test('an export without a page in its own locale', () => {
    expect(
      failureOf(
        edited((d) => {
          d.source['locale'] = 'fr';
        }),
      ).code,
    ).toBe('source_incomplete');
  });
});

describe('one bad page costs one page', () => {
  const whole = readExport(
    edited(() => undefined),
    GTM_V1,
  );
  test.each<[field: string, value: unknown, error: string]>([
    ['roles', ['founder', 7], 'is ["founder",7]; member [1] must be the key of a term'],
    ['roles', null, 'is null; it must be a list of keys'],
    ['roles', 'founder', 'is "founder"; it must be a list of keys'],
    ['trial_available', 'yes', 'is "yes"; it must be true or false'],
    ['category', { key: 'sales' }, 'is {"key":"sales"}; it must be the key of a term, or null'],
    [
      'credits_estimate_min',
      1.5,
      'is 1.5; it must be a whole number, a decimal in a string ("15.50"), or null',
    ],
    ['credits_estimate_min', 2 ** 53, 'is 9007199254740992; it must be a whole number'],
    ['credits_estimate_min', '10-20', 'is "10-20"; it must be a whole number'],
    ['card_tagline', ['a'], 'is ["a"]; it must be a string or null'],
    ['card_tagline', 'a\0b', 'is "a\\u0000b"; it must not contain a NUL or a lone surrogate'],
    ['saleor_product_slug', 'a\0b', 'must not contain a NUL or a lone surrogate'],
    ['saleor_product_id', 'a\ud800', 'must not contain a NUL or a lone surrogate'],
    ['card_tagline', 'a\ud800b', 'it must not contain a NUL or a lone surrogate'],
    ['title', null, 'is null; it must be a string'],
    ['locale', 7, 'is 7; it must be a string'],
    ['alias_of', 'x', 'is "x"; it must be a page id or null'],
    ['saleor_product_id', 12, 'is 12; it must be a string or null'],
    ['draft_terms', { roles: 'x' }, 'it must be a list of keys for each field'],
  ])('%s: %j', (field, value, error) => {
    const desired = readExport(
      edited((d) => {
        page(d, 3)[field] = value;
      }),
      GTM_V1,
    );
    expect(desired.offerings).toHaveLength(47);
    const found = desired.offerings[3]?.fields[field] as { error: string };
    expect(found.error).toContain(error);
    const others = (all: typeof desired) => all.offerings.filter((_, index) => index !== 3);
    expect(others(desired)).toEqual(others(whole));
  });

  test('read in pieces, a bad page costs one page too', () => {
    const text = edited((d) => {
      Object.assign(page(d, 0), { title: 7, saleor_product_id: 12 });
      page(d, 1)['verified'] = null;
      page(d, 2)['credits_estimate_min'] = '10-20';
      page(d, 3)['card_tagline'] = 'a\0b';
      page(d, 4)['draft_terms'] = 'x';
      page(d, 5)['locale'] = null;
      page(d, 6)['alias_of'] = 10;
      page(d, 7)['roles'] = ['a\0b'];
      Object.assign(page(d, 8), { title: '\ud800', saleor_product_slug: '\ud800', card_tagline: '\udc00' });
    });
    expect(text).toContain('\\ud800');
    const bytes = new TextEncoder().encode(text);
    const pieces = readExportPieces([bytes.subarray(0, 700), bytes.subarray(700)], GTM_V1);
    expect(pieces?.desired).toEqual(readExport(text, GTM_V1));
    expect(pieces?.desired.offerings).toHaveLength(46);
  });

  test('an image of the wrong shape is a broken image', () => {
    for (const value of [{}, 'a.webp', 7, ['a'], { url: 7 }]) {
      const { offerings } = readExport(
        edited((d) => {
          page(d, 0)['card_image'] = value;
        }),
        GTM_V1,
      );
      expect(offerings[0]?.fields['card_image']).toEqual({ error: expect.any(String) });
    }
  });

  test('an id as the dashboard’s address shows it, with blanks and line breaks around', () => {
    for (const id of ['UHJvZHVjdDoxMg%3D%3D', ' UHJvZHVjdDoxMg==\n', '\u00a0UHJvZHVjdDoxMg%3d%3d\u200b\t']) {
      const { offerings } = readExport(
        edited((d) => {
          page(d, 0)['saleor_product_id'] = id;
        }),
        GTM_V1,
      );
      expect(offerings[0]?.saleor_product_id).toBe('UHJvZHVjdDoxMg==');
    }
  });
});

describe('reading', () => {
  const read = (change: (document: Loose) => void, options = {}) =>
    readExport(edited(change), GTM_V1, options);

  test('leaves out aliases and other locales, sorts pages and sets', () => {
    const desired = read((d) => {
      page(d, 0)['alias_of'] = 11;
      page(d, 1)['locale'] = 'de';
      page(d, 2)['roles'] = ['lawyer', 'analyst', 'lawyer'];
      d.offerings.reverse();
    });
    expect(desired.offerings).toHaveLength(45);
    expect(desired.offerings[0]?.fields['roles']).toEqual(['analyst', 'lawyer']);
  });

  test('an absent field stays absent, and a decimal stays text', () => {
    const { offerings } = read((d) => {
      delete page(d, 0)['card_tagline'];
      page(d, 0)['credits_estimate_min'] = '15.50';
    });
    expect(offerings[0]?.fields).not.toHaveProperty('card_tagline');
    expect(offerings[0]?.fields['credits_estimate_min']).toBe('15.50');
  });

  test('a field is absent also where its name is that of a member of every object', () => {
    const [rule, ...attributes] = GTM_V1.attributes;
    if (rule === undefined) throw new Error('no rule');
    const contract = { ...GTM_V1, attributes: [{ ...rule, source: 'constructor' }, ...attributes] };
    const text = edited((d) => {
      page(d, 1)['constructor'] = [];
    });
    const fields = readExport(text, contract).offerings.map((one) =>
      Object.hasOwn(one.fields, 'constructor'),
    );
    expect(fields.slice(0, 3)).toEqual([false, true, false]);
  });

  test('a relative image URL needs a media base', () => {
    const relative = (d: Loose) => {
      page(d, 0)['card_image'] = { url: '/media/a.webp' };
      page(d, 1)['card_image'] = { url: 'javascript:alert(1)' };
    };
    expect(read(relative).offerings[0]?.fields['card_image']).toEqual({ error: 'relative' });
    const based = read(relative, { mediaBaseUrl: 'https://cdn.example.com/' });
    expect(based.offerings[0]?.fields['card_image']).toEqual({ url: 'https://cdn.example.com/media/a.webp' });
    expect(based.offerings[1]?.fields['card_image']).toEqual({ error: 'not_http' });
  });

  test.each([
    [
      'https://b.s3.amazonaws.com/a.webp?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=K&X-Amz-Date=1&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=00',
      'signed, valid for 3600 s',
    ],
    ['https://b.s3.amazonaws.com/a.webp?AWSAccessKeyId=AKIA&Signature=aa%3D&Expires=1700000000', 'signed'],
    ['https://d1.cloudfront.net/a.webp?Expires=1700000000&Signature=aa&Key-Pair-Id=K1', 'signed'],
    ['https://d1.cloudfront.net/a.webp?Policy=abc&Signature=aa&Key-Pair-Id=K1', 'signed'],
    [
      'https://storage.googleapis.com/b/a.webp?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=x&X-Goog-Expires=86400&X-Goog-Signature=00',
      'signed, valid for 86400 s',
    ],
    ['https://storage.googleapis.com/b/a.webp?GoogleAccessId=x&Expires=1700000000&Signature=aa', 'signed'],
    [
      'https://a.blob.core.windows.net/c/a.webp?sv=2022-11-02&se=2026-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=aa',
      'signed',
    ],
    ['/media/a.webp?x-amz-credential=k&x-amz-signature=00', 'signed'],
    ['https://b.s3.amazonaws.com/a.webp?signature=aa&EXPIRES=1700000000&awsaccesskeyid=K', 'signed'],
    ['https://d1.cloudfront.net/a.webp?policy=abc&signature=aa&KEY-PAIR-ID=K1', 'signed'],
    ['https://a.blob.core.windows.net/c/a.webp?SV=2022&SE=2026&SIG=aa', 'signed'],
    ['https://b.s3.amazonaws.com/a.webp?X%2DAmz%2DSignature=00&X-Amz-Expires=60', 'signed, valid for 60 s'],
    ['https://cdn.example.com/a.webp?hdnea=exp=1~acl=/*~hmac=aa', 'signed'],
    ['https://cdn.example.com/a.webp?__token__=exp=1~hmac=aa', 'signed'],
    ['https://cdn.example.com/a.webp?auth_key=1700000000-0-0-aa', 'signed'],
    ['https://site.imgix.net/a.webp?expires=1700000000&s=aa', 'signed'],
    ['https://cdn.example.com/a.webp?st=aa&e=1700000000', 'signed'],
    ['https://b.oss.example.com/a.webp?OSSAccessKeyId=K&Expires=1700000000&Signature=aa', 'signed'],
    ['https://user:secret@cdn.example.com/a.webp', 'contains a user name or password'],
  ])('a signed image address is never kept: %s', (url, error) => {
    const { offerings } = read(
      (d) => {
        page(d, 0)['card_image'] = { url };
      },
      { mediaBaseUrl: 'https://cdn.example.com/' },
    );
    expect(offerings[0]?.fields['card_image']).toEqual({ error });
  });

  test.each([
    'https://cdn.example.com/a.webp?v=12&signature=abc',
    'https://cdn.example.com/a.webp?w=300&token=abc',
    'https://cdn.example.com/sig=1/se=2/a.webp',
    'https://site.imgix.net/a.webp?w=300&s=abc',
    'https://cdn.example.com/a.webp?expires=never',
    'https://cdn.example.com/a.webp#sig=1&se=2',
  ])('an address without a limit in time is kept: %s', (url) => {
    const { offerings } = read((d) => {
      page(d, 0)['card_image'] = { url };
    });
    expect(offerings[0]?.fields['card_image']).toEqual({ url });
  });

  test('translations of terms, but none into the own locale', () => {
    const { taxonomies } = read((d) => {
      (d.taxonomies['roles']?.[0] ?? {})['translations'] = { de: 'Buchhaltung', en: 'Accountant' };
    });
    expect(taxonomies['roles']?.[0]).toEqual({
      key: 'accountant',
      label: 'Accountant',
      translations: { de: 'Buchhaltung' },
    });
  });

  test('a draft term that a page uses is told once', () => {
    const { problems } = read((d) => {
      page(d, 0)['draft_terms'] = {
        badges: ['secret_badge'],
        outcomes: ['later'],
        primary_outcome: ['later'],
      };
    });
    expect(problems).toEqual([
      {
        severity: 'warning',
        code: 'term_draft',
        ref: 'taxonomy.badges',
        data: { key: 'secret_badge', page_id: 10, title: 'Offering 01' },
      },
      {
        severity: 'warning',
        code: 'term_draft',
        ref: 'taxonomy.outcomes',
        data: { key: 'later', page_id: 10, title: 'Offering 01' },
      },
    ]);
  });

  test('what of a term is no text costs that term, with or without a digest, and no other', () => {
    const wrong = edited((d) => {
      const roles = d.taxonomies['roles'] as unknown[];
      roles.splice(
        0,
        roles.length,
        { key: 'a_list', label: ['A'] },
        { key: 'number', label: 7 },
        { key: 'nul', label: 'N\u0000l' },
        { key: 'unset', label: null },
        { key: 'missing' },
        { key: 5, label: 'Five' },
        { key: true, label: 'Yes' },
        null,
        'founder',
        { key: 'good', label: 'Good', translations: { de: 'Gut', fr: 3, it: 'x\ud800' } },
        { key: 'flat', label: 'Flat', translations: 'Flach' },
      );
    });
    const { taxonomies, problems, offerings } = readExport(wrong, GTM_V1);
    expect(offerings).toHaveLength(47);
    expect(taxonomies['roles']).toEqual([
      { key: '(5)', label: 'Five' },
      { key: '(founder)', label: '' },
      { key: '(null)', label: '' },
      { key: '(true)', label: 'Yes' },
      { key: 'a_list', label: '' },
      { key: 'flat', label: 'Flat' },
      { key: 'good', label: 'Good', translations: { de: 'Gut' } },
      { key: 'missing', label: '' },
      { key: 'nul', label: '' },
      { key: 'number', label: '' },
      { key: 'unset', label: '' },
    ]);
    expect(problems.map(({ code, data }) => [code, data['key'], data['member'], data['found']])).toEqual([
      ['term_malformed', 'a_list', 'label', '["A"]'],
      ['term_malformed', 'number', 'label', '7'],
      ['term_malformed', 'nul', 'label', 'N\\u{0}l'],
      ['term_malformed', 'good', 'translations.fr', '3'],
      ['term_malformed', 'good', 'translations.it', 'x\\u{d800}'],
      ['term_malformed', 'flat', 'translations', 'Flach'],
    ]);
  });

  test('a closed list stands in for a taxonomy that the document lacks', () => {
    const closed = { categories: [{ key: 'sales', label: 'Sales' }] };
    const { taxonomies } = read((d) => delete d.taxonomies['categories'], { closed });
    expect(taxonomies['categories']).toEqual(closed.categories);
  });
});

describe('content_sha256', () => {
  const sealedText = (offering: string, digestOf = offering) =>
    `{"format":"catalog-export","format_version":1,"source":{"locale":"en"},"content_sha256":"${sealed(
      `{"offerings":[${digestOf}],"taxonomies":${TAXONOMIES}}`,
    )}","taxonomies":${TAXONOMIES},"offerings":[${offering}]}`;
  const TAXONOMIES = pythonForm(
    Object.fromEntries(
      Object.keys((JSON.parse(RECORDED) as Loose).taxonomies).map((name): [string, Json] => [name, []]),
    ),
  );

  test('a changed byte is seen', () => {
    const failure = failureOf(RECORDED.replace('"Offering 02"', '"Offering 2"'));
    expect(failure.message).toContain('content_sha256: the content was changed');
  });

  test('without the member nothing is checked', () => {
    expect(
      readExport(
        edited(() => undefined),
        GTM_V1,
      ).offerings,
    ).toHaveLength(47);
  });

  // Each is what Python 3 prints for the same content.
  test.each([
    ['{"locale":"en","page_id":1,"title":"1.0 \\" \\\\ \u2028 \u007f é 😀"}'],
    ['{"locale":"en","page_id":1,"rate":1.0,"title":"a"}'],
    ['{"big":12345678901234567890,"locale":"en","page_id":1,"tiny":1e-05,"title":"a","wide":1e+16}'],
    ['{"locale":"en","page_id":1,"title":"a","\uffee":1,"😀":2}'],
  ])('fits what Python printed: %s', (offering) => {
    expect(readExport(sealedText(offering), GTM_V1).problems).toEqual([]);
  });

  test.each([
    ['{"locale":"en","page_id":1,"title":"é"}', true],
    ['{"locale":"en","page_id":1,"title":"\\u0001"}', true],
    ['{"locale":"en","page_id":1,"title":"a","￮":1,"😀":2}', true],
    // A text that begins with NUL is not told from a number.
    ['{"locale":"en","note":"\\u00001","page_id":1,"title":"a"}', false],
  ])('in pieces the same fits: %s', (offering, fits) => {
    const text = sealedText(offering);
    const pieces = readExportPieces([Buffer.from(text)], GTM_V1);
    expect(pieces?.desired).toEqual(fits ? readExport(text, GTM_V1) : undefined);
  });

  test('numbers that Python would not write so: a note, no false alarm', () => {
    const text = sealedText(
      '{"locale":"en","page_id":1,"rate":1E5,"title":"a"}',
      '{"locale":"en","page_id":1,"rate":100000.0,"title":"a"}',
    );
    expect(readExport(text, GTM_V1).problems).toEqual([
      { severity: 'note', code: 'digest_unchecked', ref: 'source', data: {} },
    ]);
  });

  test('floats as Python writes them leave the check sharp', () => {
    const text = sealedText(
      '{"locale":"en","page_id":1,"rate":1.5,"title":"b"}',
      '{"locale":"en","page_id":1,"rate":1.5,"title":"a"}',
    );
    expect(failureOf(text).message).toContain('content_sha256');
  });

  test('members sort by code point, as Python does', () => {
    expect(pythonForm({ '😀': 1, '\uffee': 2, a: 3 } as JsonObject)).toBe('{"a":3,"\uffee":2,"😀":1}');
  });
});
