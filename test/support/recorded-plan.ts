import { readFileSync } from 'node:fs';
import { GTM_V1 } from '../../src/contract/contract.ts';
import { DEFAULT_OPTIONS, type Options } from '../../src/diff/model.ts';
import { build, type Plan } from '../../src/plan/plan.ts';
import { readExport } from '../../src/wagtail/export/read-export.ts';
import { recordedActual } from './recorded-shop.ts';

/** The plan of the recordings: real pages, a real shop. */
export function recordedPlan(options: Partial<Options> = {}): Plan {
  return build({
    contract: GTM_V1,
    options: { ...DEFAULT_OPTIONS, create_missing: true, ...options },
    registry: null,
    desired: readExport(readFileSync('test/recordings/wagtail-export.json', 'utf8'), GTM_V1),
    actual: recordedActual(),
    completeness: ['attributes', 'product types', 'products'],
  });
}
