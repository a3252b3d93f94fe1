/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.(?:ts|js)$': [
      'ts-jest',
      {
        diagnostics: false,
        tsconfig: {
          module: 'commonjs',
          moduleResolution: 'node10',
          ignoreDeprecations: '6.0',
          target: 'ES2022',
          esModuleInterop: true,
          isolatedModules: true,
          allowJs: true,
        },
      },
    ],
  },
  // These come as ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!(?:htmlparser2|domhandler|domutils|domelementtype|dom-serializer|entities)/)',
    '<rootDir>/(?:dist|lib)/',
  ],
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/scripts/jest-progress.cjs'],
  testTimeout: 60_000,
};
