/** `make test-all` sets THOROUGH=1. docs/tests.md lists what each test draws in `make test` and in `make test-all`. */
const isThorough = process.env['THOROUGH'] === '1';

/** How many cases a test draws: `some` in `make test`, `all` in `make test-all`. */
export const draws = (some: number, all: number): number => (isThorough ? all : some);

/** The distance between two positions that a test tries: `step` in `make test`, 1 in `make test-all`. */
export const stride = (step: number): number => draws(step, 1);
