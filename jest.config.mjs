// Unit tests alone: `make quick`. What each folder of test/ holds: docs/tests.md.
const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2023', experimental: { keepImportAttributes: true } },
  module: { type: 'es6' },
};

export default {
  testEnvironment: '<rootDir>/test/support/node-environment.mjs',
  globalSetup: '<rootDir>/test/support/temporary-files.mjs',
  testTimeout: 60_000,
  // Jest leaves one core free by default, which halves the speed on two cores.
  maxWorkers: '100%',
  // The modules of each test file stay in a worker's memory, and starting git or the program from a large process is slow.
  workerIdleMemoryLimit: '400MB',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts', '.css'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '/review/html/page\\.(client\\.js|css)$': '<rootDir>/scripts/page-assets.mjs',
    '^.+\\.ts$': ['@swc/jest', swc],
  },
};
