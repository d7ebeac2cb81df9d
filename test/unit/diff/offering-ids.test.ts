import { describe, expect, test } from '@jest/globals';
import { GTM_V1 } from '../../../src/contract/contract.ts';
import type { ControlPlaneEntry } from '../../../src/contract/listed-ids.ts';
import { offeringIdIn, offeringIdProblems } from '../../../src/diff/offering-ids.ts';
import { offering } from '../../support/catalogue.ts';

const LIST: readonly ControlPlaneEntry[] = [
  'off_plain',
  { id: 'off_old', retired: true },
  { id: 'off_versions', versions: ['v1', { id: 'v0', retired: true }] },
];

/** Codes and data of one page's offering ids. */
const problemsOf = (id: unknown, version: unknown = null, list: readonly ControlPlaneEntry[] = LIST) => {
  const page = offering(1, { cp_offering_id: id as string, cp_offering_version_id: version as string });
  return offeringIdProblems({ contract: GTM_V1, control_plane: list }, [page])(page);
};

describe('an offering id that the Control Plane', () => {
  test.each<[string, unknown, unknown, object | null]>([
    ['lists', 'off_plain', null, null],
    ['lists without versions: every version is right', 'off_plain', 'v9', null],
    ['lists with this version', 'off_versions', 'v1', null],
    ['lists, on a page without a version', 'off_versions', '', null],
    ['has retired', 'off_old', 'v1', { code: 'offering_id_retired', data: { offering_id: 'off_old' } }],
    [
      'does not list, but one like it',
      'off_plian',
      null,
      { code: 'offering_id_unknown', data: { offering_id: 'off_plian', near: ['off_plain'] } },
    ],
    [
      'lists, of which it has retired this version',
      'off_versions',
      'v0',
      { code: 'offering_version_retired', data: { offering_id: 'off_versions', version: 'v0' } },
    ],
    [
      'lists without this version',
      'off_versions',
      'v2',
      { code: 'offering_version_unknown', data: { offering_id: 'off_versions', version: 'v2' } },
    ],
  ])('%s', (_, id, version, problem) =>
    expect(problemsOf(id, version)).toEqual(problem === null ? [] : [problem]));

  test('knows nothing of is no problem where the page has none', () => {
    expect(problemsOf(null)).toEqual([]);
    expect(problemsOf('')).toEqual([]);
  });
});

test('a contract without the key has no offering ids', () => {
  const contract = { ...GTM_V1, metadata: [] };
  const pages = [offering(1), offering(2)];
  expect(pages.map(offeringIdIn(contract))).toEqual([null, null]);
  expect(pages.flatMap(offeringIdProblems({ contract, control_plane: LIST }, pages))).toEqual([]);
});

test('an id is text even where the page has a number, and a list of ids is none', () => {
  const idOf = offeringIdIn(GTM_V1);
  expect(idOf(offering(1, { cp_offering_id: 17 as unknown as string }))).toBe('17');
  expect(idOf(offering(1, { cp_offering_id: ['a'] as unknown as string }))).toBeNull();
});
