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
])('%s', (text, markdown) => expect(prose(text)).toBe(markdown));
