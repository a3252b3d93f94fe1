import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

const packageType = String.raw`import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { fileStart, quote } from '../private-names';

/** Conda packages. */
export const conda = {
  name: 'conda',
  title: 'Conda channel',
  upstream: 'https://conda.example.com/main',
  notes: '${'`'}repodata.json${'`'} counts as changing, packages as never changing.',
  paths: { changing: ['noarch/repodata.json'], fixed: ['noarch/acme-core-1.0-0.conda'] },
  url: 'A line of ${'`'}channels${'`'} in ${'`'}.condarc${'`'} is ${'`'}url${'`'}.',
  publishing: 'Upload files by their paths.',
  clients: [{ name: 'condarc', file: '.condarc', text: (target) => 'channels:\n  - ' + urlOf(target) + '\n' }],
  front: {
    className: 'CondaFront',
    description: ['Conda packages: a public channel and your own packages under one name.', 'Both are asked.'],
    example: { name: 'conda', privateNames: ['acme-'] },
    names: {
      shape: /^[a-z0-9_][\w.-]*$/,
      examples: '"acme-" or "acme-core"',
      patterns: ({ text, isPrefix }) => [fileStart + quote(text) + (isPrefix ? '[^/]+' : '') + '-[^/-]+-[^/-]+\\.conda$'],
    },
  },
} satisfies PackageType;
`;

const format = String.raw`import type { Format } from '../format';

/** Conda packages. */
export const conda: Format = {
  packageType: 'conda',
  classify: (path) => (/\.(?:conda|tar\.bz2)$/.test(path) ? 'immutable' : 'mutable'),
};
`;

/** An attribute of all remotes. */
const attribute = "  patience: attr(seconds.default(30), 'Seconds that the upstream has to answer.'),";

let tree: string;
/** What the contract suite says of both changes. */
let contract: string;

/** Makes both changes in a copy of the tree, inside the project so that its packages are found, and has what follows from them made and checked. */
beforeAll(() => {
  mkdirSync(join(root, '.repoform'), { recursive: true });
  tree = mkdtempSync(join(root, '.repoform/eleventh-'));
  for (const name of ['src', 'constructs', 'scripts', 'test/contract', 'test/support', 'package.json', 'tsconfig.json', 'jest.config.js'])
    cpSync(join(root, name), join(tree, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  writeFileSync(join(tree, 'src/common/packages/conda.ts'), packageType);
  writeFileSync(join(tree, 'src/registry/formats/types/conda.ts'), format);
  addLine('src/resources/artifactapi/shared.ts', /^ {2}\.\.\.secret\('password'.*$/, attribute);
  addLine('src/registry/store/remote-settings.ts', /^ {2}immutable_ttl: ttl\(0\),$/, '  patience: ttl(30),');
  run('tsx', ['scripts/generate.ts']);
  const include = ['constructs/artifactapi/index.ts', 'src/resources/artifactapi/index.ts', 'src/registry/server.ts'];
  writeFileSync(join(tree, 'tsconfig.probe.json'), JSON.stringify({ extends: './tsconfig.json', include, exclude: [] }));
  run('tsc', ['--noEmit', '-p', 'tsconfig.probe.json']);
  const names = 'conda|artifactapi_remote(_npm|s)\\b';
  contract = run('jest', ['--runInBand', 'test/contract/definitions', 'test/contract/lifecycle', '--verbose', '-t', names]);
}, 300_000);
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const text = (file: string): string => readFileSync(join(tree, file), 'utf8');

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: tree, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout + stderr;
}

/** The name of a block above its first test, which passed. */
const tested = (block: string): RegExp => new RegExp(`^ +${block}\\n +✓`, 'm');

/** Adds a line after one that a file has once. */
function addLine(file: string, after: RegExp, line: string): void {
  const [found, ...others] = text(file).match(new RegExp(after, 'gm')) ?? [];
  expect([file, found, others]).toEqual([file, expect.any(String), []]);
  writeFileSync(join(tree, file), text(file).replace(`${found}`, `${found}\n${line}`));
}

test('a package type is one file, and one more for the embedded registry to serve it', () => {
  const asked = { type: 'conda', front: 'CondaFront', format: 'condarc', privateName: 'acme-', file: 'noarch/acme-core-1.0-0.conda' };
  const condarc = 'channels:\n  - https://artifacts.example.com/api/v1/virtual/all\n';
  expect(JSON.parse(run('tsx', ['test/support/package-type-probe.ts', JSON.stringify(asked)]))).toEqual({
    resources: ['artifactapi_local_conda', 'artifactapi_remote_conda', 'artifactapi_virtual'],
    remote: { base_url: 'https://upstream.example.com', blocklist: ['(?:^|/)acme-[^/]+-[^/-]+-[^/-]+\\.conda$'] },
    clientConfig: condarc,
    clientConfigFunction: condarc,
    pages: [
      'constructs/CondaFront',
      'list-resources/local_conda',
      'list-resources/remote_conda',
      'resources/local_conda',
      'resources/remote_conda',
    ],
    indexed: true,
    uploaded: '201',
    answers: ['200 fetch 1', '200 fetch 1', '200 ours'],
  });
  for (const kind of ['remote', 'local']) expect(contract).toMatch(tested(`artifactapi_${kind}_conda`));
});

test('an attribute of all remotes is one line for the provider, and one for the embedded registry', () => {
  const generated = 'constructs/generated/artifactapi';
  for (const file of ['remote-base.ts', 'data-artifactapi-remote.ts', 'data-artifactapi-remotes.ts'])
    expect([file, text(join(generated, file))]).toEqual([file, expect.stringContaining("'patience'")]);
  for (const block of ['data artifactapi_remotes', 'artifactapi_remote_npm']) expect(contract).toMatch(tested(block));
});
