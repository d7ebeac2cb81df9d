import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../../src/contract/contract.ts';
import { Failure } from '../../../../src/core/failure.ts';
import type { Json, JsonObject } from '../../../../src/core/json/json-value.ts';
import { pythonForm } from '../../../../src/wagtail/export/content-digest.ts';
import { readExport } from '../../../../src/wagtail/export/read-export.ts';

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
    [RECORDED.slice(0, 5000), 'document_malformed', 'is not whole JSON (5000 characters)'],
    ['{"a":"x\\u0000"}', 'document_malformed', 'a: holds a NUL or a lone surrogate'],
    ['{"a":["x\\ud800"]}', 'document_malformed', 'a[0]: holds a NUL or a lone surrogate'],
    ['{"a":{"__proto__":{}}}', 'document_malformed', 'a.__proto__: a member of this name is refused'],
    ['['.repeat(65) + ']'.repeat(65), 'document_malformed', 'is more than 64 levels deep'],
    ['['.repeat(200_000) + ']'.repeat(200_000), 'document_malformed', 'is more than 64 levels deep'],
    ['null', 'format_unknown', 'its format is not said'],
    ['{"format":"plan"}', 'format_unknown', 'its format is "plan"'],
    ['{"format":"catalog-export","format_version":2}', 'format_unknown', 'has format_version 2'],
  ])('%#', (text, code, message) => {
    const failure = failureOf(text);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(message);
  });

  const faults: [string, (document: Loose) => void][] = [
    [
      'offerings[3].roles[1]: must be a string',
      (d) => {
        page(d, 3)['roles'] = ['founder', 7];
      },
    ],
    [
      'offerings[0].trial_available: must be true or false',
      (d) => {
        page(d, 0)['trial_available'] = null;
      },
    ],
    [
      'offerings[0].category: must be the key of a term, or null',
      (d) => {
        page(d, 0)['category'] = { key: 'sales' };
      },
    ],
    [
      'offerings[0].credits_estimate_min: must be a whole number',
      (d) => {
        page(d, 0)['credits_estimate_min'] = 1.5;
      },
    ],
    [
      'offerings[0].credits_estimate_min: must be a whole number',
      (d) => {
        page(d, 0)['credits_estimate_min'] = 2 ** 53;
      },
    ],
    [
      'offerings[0].card_image: must have a url or an error',
      (d) => {
        page(d, 0)['card_image'] = {};
      },
    ],
    [
      'offerings[1].page_id: 10 stands in offerings[0] too',
      (d) => {
        page(d, 1)['page_id'] = 10;
      },
    ],
    [
      'offerings[1].page_id: must be integer',
      (d) => {
        page(d, 1)['page_id'] = '11';
      },
    ],
    [
      'taxonomies.roles[0].label: must be string',
      (d) => {
        (d.taxonomies['roles']?.[0] ?? {})['label'] = 3;
      },
    ],
    [
      'taxonomies.badges: missing, and the contract gtm-v1 reads it',
      (d) => {
        delete d.taxonomies['badges'];
      },
    ],
    [
      "source: must have required property 'locale'",
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
        for (const each of d.offerings) each['verified'] = 'yes';
      }),
    );
    expect(failure.message).toContain('catalog.json has 47 faults: offerings[0].verified');
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
