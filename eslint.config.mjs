import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

/** Which rooms under src/ each room may import values from (types are free). See docs/design/001-rooms.md. */
const mayImport = {
  common: [],
  schema: ['common'],
  net: ['common'],
  client: ['common', 'schema', 'net'],
  resources: ['common', 'schema', 'client'],
  handler: ['common', 'schema', 'client'],
  protocol: ['common', 'handler'],
  build: ['common', 'schema', 'handler', 'protocol'],
  testing: ['common', 'schema', 'client', 'handler', 'protocol'],
  registry: ['common', 'net'],
};
const rooms = Object.keys(mayImport).concat('cli');
const typed = { allowTypeImports: true };

const directions = Object.entries(mayImport).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${rooms.filter((r) => r !== room && !allowed.includes(r)).join('|')})(/|$)`,
            message: `src/${room} may import only ${[...allowed, 'itself'].join(', ')}.`,
            ...typed,
          },
          ...(room === 'common' ? [{ group: ['zod', 'node:*'], message: 'src/common is pure text and rules.', ...typed }] : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/**', 'lib/**', '**/gen/**', '**/generated/**', '.repoform/**', '**/cdktf.out/**', '**/*.js', '**/*.mjs'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 50, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 3],
      'no-restricted-properties': [
        'error',
        {
          object: 'URL',
          property: 'canParse',
          message: 'Use isUrl of src/common/urls: once hot, Node 20 misreads letters beyond ASCII here.',
        },
      ],
      'no-warning-comments': ['error', { terms: ['fixme', 'xxx'] }],
    },
  },
  { files: ['test/**/*.ts', 'src/testing/contract/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  // Loaded on first use only: 8 ms that a plan without patterns does not pay.
  { files: ['src/common/re2.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // Loaded on first use only, the one since it costs time, the other since only those who use it install it.
  {
    files: ['constructs/bkrepo/agentverse/toml.ts', 'constructs/bkrepo/agentverse/kubernetes.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  ...directions,
  {
    files: ['constructs/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/src/(schema|client|resources|handler|protocol|registry|cli)(/|$)',
              message: 'constructs may import only src/common.',
              ...typed,
            },
            { group: ['zod'], message: 'constructs load nothing but cdktf and constructs.' },
            {
              group: ['smol-toml', '@cdkt?/provider-kubernetes', '@cdkt?/provider-kubernetes/**'],
              message: 'loaded on first use, in one file.',
              ...typed,
            },
          ],
        },
      ],
    },
  },
  prettier,
);
