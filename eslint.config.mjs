import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

/** Which rooms under src/ each room may import values from (types are free). See docs/design/001-rooms.md. */
const mayImport = {
  common: [],
  schema: ['common'],
  net: ['common'],
  client: ['common', 'schema', 'net'],
  resources: ['common', 'schema'],
  handler: ['common', 'schema', 'client'],
  protocol: ['common', 'handler'],
  adopt: ['common', 'schema', 'handler'],
  plans: ['common', 'schema'],
  graph: ['common', 'schema', 'handler', 'plans'],
  doctor: ['common', 'schema', 'net', 'client', 'handler'],
  diff: ['common', 'schema', 'plans'],
  checks: ['common', 'schema', 'plans'],
  matchers: ['common', 'schema', 'plans', 'checks', 'diff'],
  build: ['common', 'schema', 'handler', 'protocol'],
  testing: ['common', 'schema', 'client', 'handler', 'protocol'],
  registry: ['common', 'net'],
  page: ['common', 'schema'],
};
const rooms = Object.keys(mayImport).concat('cli');
const typed = { allowTypeImports: true };

/** What else some rooms may not import. */
const more = {
  common: [{ group: ['zod', 'node:*'], message: 'src/common is pure text and rules.', ...typed }],
  // What our own definitions need, those of others need too.
  resources: [
    {
      regex: '/schema/(?!define$)',
      message: 'Definitions import from src/schema/define, which is repoform/provider, and nothing else of src/schema.',
    },
    { regex: '/client(/|$)', message: 'Definitions use the client that their hooks get.' },
    { group: ['zod'], message: 'Import z from src/schema/define: there is one zod for all definitions.' },
  ],
  page: [
    {
      regex: '/schema/(?!(?:api/(?:configuration|from-api)|derive/literal)$)',
      message: 'The page runs in browsers: of src/schema it needs how values are read and written, without zod.',
      ...typed,
    },
  ],
  registry: [
    {
      regex: '/common/(gen|packages|package-type|client-config|client-format)(/|$)',
      message: 'The registry has tables of its own: what it shared with the provider, it could not test.',
    },
  ],
};

/** The rooms of src/schema: what authors write, values on the wire, what is made of definitions. */
const schema = [
  { room: 'define', not: 'api|derive', message: 'src/schema/define is what authors write; it knows nothing of what is made of it.' },
  { room: 'api', not: 'derive', message: 'src/schema/api converts values; it may import only define.' },
].map(({ room, not, message }) => ({
  files: [`src/schema/${room}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: `^(\\.\\./)+(${not})/`, message, ...typed },
          {
            regex: `^(\\.\\./)+(${rooms.filter((r) => r !== 'schema' && r !== 'common').join('|')})(/|$)`,
            message: 'src/schema may import only common, itself.',
            ...typed,
          },
        ],
      },
    ],
  },
}));

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
          ...(more[room] ?? []),
        ],
      },
    ],
  },
}));

const RULE = '@typescript-eslint/no-restricted-imports';
const patternsOf = (room) => directions[Object.keys(mayImport).indexOf(room)].rules[RULE][1].patterns;

/** What backends build on knows none of them, and formats know their repositories by a port alone. See docs/design/020-registry-ports.md. */
const ports = [
  { files: ['src/registry/store/**/*.ts', 'src/registry/proxy/**/*.ts'], not: [] },
  {
    files: ['src/registry/formats/**/*.ts'],
    not: [{ group: ['kysely', 'fastify'], message: 'Formats use the repository that they are given.' }],
  },
].map(({ files, not }) => ({
  files,
  rules: {
    [RULE]: [
      'error',
      {
        patterns: [
          ...patternsOf('registry'),
          { regex: '/backends(/|$)', message: 'A backend brings what it needs; nothing below it imports it.' },
          ...not,
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
  // What jest and npm scripts load as it is.
  { files: ['scripts/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // Loaded on first use only, since they cost time, or since only those who use them install them.
  {
    files: [
      'constructs/bkrepo/agentverse/texts.ts',
      'constructs/base/kubernetes.ts',
      'constructs/checks/registry-checks.ts',
      'constructs/testing/matchers.ts',
    ],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  // How the types of test runners are extended.
  {
    files: ['constructs/testing/types.ts'],
    rules: {
      '@typescript-eslint/no-namespace': 'off',
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/ban-ts-comment': 'off',
    },
  },
  ...directions,
  ...ports,
  ...schema,
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
