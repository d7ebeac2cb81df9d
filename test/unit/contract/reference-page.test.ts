import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type AttributeRule, type MetadataRule, parseContract } from '../../../src/contract/contract.ts';

test('the rules that docs/reference/contract.md builds make a contract', () => {
  const page = readFileSync('docs/reference/contract.md', 'utf8');
  const rules = [...page.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(
    ([, text = '']) => JSON.parse(text) as object,
  );
  const attributes = rules.filter((rule): rule is AttributeRule => 'slug' in rule);
  const metadata = rules.filter((rule): rule is MetadataRule => 'key' in rule);
  expect([attributes.length, metadata.length]).toEqual([1, 2]);
  const contract = {
    format: 'sailplan-contract',
    format_version: '1.0',
    name: 'tools-v1',
    naming: 'key',
    product_types: ['tool'],
    attributes,
    metadata,
  };
  expect(parseContract(contract)).toEqual({ contract });
});
