import { block, type LinePrinter, line } from '../file/line-printers.ts';

/** How the member of a plan file is printed that says what is in no snapshot; the last of a plan's members. */
export const EXTENT_PRINTERS: Readonly<Record<string, LinePrinter>> = {
  rest: block(1, (name) => (name === 'values' ? block(2, () => line) : line)),
};
