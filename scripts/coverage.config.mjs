// How much of the folders that decide is run by the tests that call them directly. Fails below the limits, per folder.
import config from '../jest.config.mjs';

/**
 * Folder → lowest share of lines and of branches, in percent. The aim is 100 and 98 everywhere; core, plan and approval are
 * below it since the contract proposals, the storefront comparison and the rules from before the plan came, and have to
 * come back. A limit is never lowered.
 */
const LIMITS = {
  core: [99.5, 96],
  diff: [100, 98],
  plan: [98.5, 93],
  approval: [99.5, 98],
  apply: [100, 97.9],
};
/** Unit tests, and what runs the engine. Other scenarios run the same lines again, at many times the cost. */
const TESTS = [
  'unit/**/*',
  'property/plan',
  'property/apply-simulation',
  'scenarios/engine-on-sandbox',
  'scenarios/retries-on-the-wire',
  'scenarios/conflicts',
  'scenarios/revert',
  'scenarios/report-path',
  'scenarios/shop-restarts',
  'scenarios/rules-before-the-plan',
  'scenarios/storefront',
];

export default {
  ...config,
  rootDir: '..',
  testMatch: TESTS.map((name) => `<rootDir>/test/${name}.test.ts`),
  testTimeout: 300_000,
  collectCoverage: true,
  collectCoverageFrom: [...Object.keys(LIMITS).map((name) => `src/${name}/**/*.ts`), '!**/generated/**'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'json'],
  coverageThreshold: Object.fromEntries(
    Object.entries(LIMITS).map(([name, [lines, branches]]) => [`./src/${name}/`, { lines, branches }]),
  ),
};
