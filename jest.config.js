/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  // CI runs the quick tests first; REPOFORM_TESTS=long then leaves `npm run all` only the rest.
  testMatch: [process.env['REPOFORM_TESTS'] === 'long' ? '**/*.long.test.ts' : '**/*.test.ts'],
  transform: { '^.+\\.(?:ts|js)$': '<rootDir>/scripts/jest-transform.cjs' },
  // These come as ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!(?:@actions/expressions|@actions/workflow-parser|@noble/hashes|jose|htmlparser2|domhandler|domutils|domelementtype|dom-serializer|entities|get-east-asian-width)/)',
    '<rootDir>/(?:dist|lib)/',
  ],
  // These have no entry for CommonJS.
  moduleNameMapper: {
    '^@actions/(expressions|workflow-parser)$': '<rootDir>/node_modules/@actions/$1/dist/index.js',
    '^@actions/(expressions|workflow-parser)/(.+)$': '<rootDir>/node_modules/@actions/$1/dist/$2.js',
  },
  // As many as there are processors, which are busy all the time: with more, servers and Terraform take longer than tests allow them.
  maxWorkers: '100%',
  testSequencer: '<rootDir>/scripts/jest-sequencer.cjs',
  reporters: ['default', '<rootDir>/scripts/jest-progress.cjs'],
  globalSetup: '<rootDir>/scripts/jest-scratch.cjs',
  globalTeardown: '<rootDir>/scripts/jest-scratch.cjs',
  testTimeout: 60_000,
};
