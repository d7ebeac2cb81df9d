// How much of the folders that decide is run by the tests that call them directly. Fails below the limits, per folder.
import config from '../jest.config.mjs';

const FOLDERS = ['core', 'diff', 'plan', 'approval', 'apply'];
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
  collectCoverageFrom: [...FOLDERS.map((name) => `src/${name}/**/*.ts`), '!**/generated/**'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'json'],
  coverageThreshold: Object.fromEntries(
    FOLDERS.map((name) => [`./src/${name}/`, { lines: 100, branches: 98 }]),
  ),
};
