import { block, type LinePrinter, line } from '../file/line-printers.ts';

/** Printer of the member that describes what is in no snapshot; it is the last member of a plan file. */
export const EXTENT_PRINTERS: Readonly<Record<string, LinePrinter>> = {
  rest: block(1, (name) => (name === 'values' ? block(2, () => line) : line)),
};
