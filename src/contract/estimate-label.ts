import type { MetadataRule } from './generated/contract.js';

/** A count of credits: a whole number, or a decimal as the source writes it (`"15.50"`). */
export type Amount = number | string;

const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;

export const isAmount = (value: unknown): value is Amount =>
  typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && DECIMAL.test(value);

/** a < b by value, independent of their spelling. */
export const isLess = (a: Amount, b: Amount): boolean => Number(a) < Number(b);

/**
 * The label for a card, from min and max (docs/reference/contract.md#metadata); null when both are empty.
 * The midpoint is rounded half up: to a whole number when both are whole, else to two decimals. A DecimalField writes `10.00`,
 * so no amount in a label has trailing zeros: `10`, `15.5`.
 */
export function estimateLabel(rule: MetadataRule, min: Amount | null, max: Amount | null): string | null {
  const low = min ?? max;
  const high = max ?? min;
  if (low === null || high === null) return null;
  const isOne = Number(low) === Number(high);
  const words = {
    min: withoutTrailingZeros(low),
    max: withoutTrailingZeros(high),
    mid: withoutTrailingZeros(isOne ? low : midpoint(low, high)),
  };
  const template = isOne ? rule.template : (rule.template_range ?? rule.template);
  return (template ?? '~{mid}/run').replace(
    /\{(min|max|mid)\}/g,
    (_, name: keyof typeof words) => words[name],
  );
}

const withoutTrailingZeros = (amount: Amount): string => {
  const text = String(amount);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
};

function midpoint(low: Amount, high: Amount): string {
  const isWhole = Number.isInteger(Number(low)) && Number.isInteger(Number(high));
  // In whole units of the last decimal, so that rounding half up is exact and independent of binary fractions.
  const places = Math.max(2, decimals(low), decimals(high));
  const sum = scaled(low, places) + scaled(high, places);
  const half = 10n ** BigInt(isWhole ? places : places - 2);
  const rounded = floorDiv(sum + half, 2n * half);
  if (isWhole) return String(rounded);
  const sign = rounded < 0n ? '-' : '';
  const digits = String(rounded < 0n ? -rounded : rounded).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const decimals = (amount: Amount): number => String(amount).split('.')[1]?.length ?? 0;

function scaled(amount: Amount, places: number): bigint {
  const [whole = '0', fraction = ''] = String(amount).replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(places, '0'));
  return String(amount).startsWith('-') ? -value : value;
}

const floorDiv = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b));
