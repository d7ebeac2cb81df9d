import { expect, test } from '@jest/globals';
import { prose } from '../../../../src/review/markdown/escape.ts';

test.each([
  ['a page was skipped: see `sailplan lint`.', 'a page was skipped: see `sailplan lint`.'],
  ['(`a b`) and `c`', '(`a b`) and `c`'],
  ['which is not there (did you mean cfo?)', 'which is not there (did you mean cfo?)'],
  ['did you mean data_analyst? No!', 'did you mean `data_analyst`? No!'],
  ['a `b', 'a `` `b ``'],
  ['`[x](http://e`vil)', '`` `[x](http://e`vil ``)'],
  ['`<img>`', '`<img>`'],
  ['"a `b` c"', '`` "a `b` c" ``'],
  ['Run sailplan plan --create-missing.', 'Run `sailplan plan --create-missing`.'],
  ['again (sailplan apply 0c2f4b7a91d3e855): no', 'again (`sailplan apply 0c2f4b7a91d3e855`): no'],
  ['Errors (sailplan lint lists them), or', 'Errors (`sailplan lint` lists them), or'],
  ['sailplan approve PLAN --accept CODE….', '`sailplan approve PLAN --accept CODE…`.'],
  [
    'Run sailplan init --ci github, then sailplan --help',
    'Run `sailplan init --ci github`, then `sailplan --help`',
  ],
  ['sailplan ci plan proposes it. sailplan stops.', '`sailplan ci plan` proposes it. sailplan stops.'],
  [
    'Plan with --sync-attributes --sync-products (without --strict) to',
    'Plan with `--sync-attributes --sync-products` (without `--strict`) to',
  ],
  ['with --adopt to take --prune.', 'with `--adopt` to take `--prune`.'],
  ['sailplan plan. Then a person', '`sailplan plan`. Then a person'],
  ['… | sailplan plan --desired -', '`…` `\\|` `sailplan plan --desired -`'],
])('%s', (text, markdown) => expect(prose(text)).toBe(markdown));
