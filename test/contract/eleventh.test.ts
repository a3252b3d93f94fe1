import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
let tree: string;

/** A copy of the tree, inside the project so that its packages are found. */
beforeAll(() => {
  mkdirSync(join(root, '.repoform'), { recursive: true });
  tree = mkdtempSync(join(root, '.repoform/eleventh-'));
  for (const name of ['src', 'constructs', 'scripts', 'test/contract', 'test/support', 'package.json', 'tsconfig.json', 'jest.config.js'])
    cpSync(join(root, name), join(tree, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const text = (file: string): string => readFileSync(join(tree, file), 'utf8');

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: tree, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout + stderr;
}

/** What is made of the definitions is made anew, and compiles. */
function generate(): void {
  run('tsx', ['scripts/generate.ts']);
  const include = ['constructs/artifactapi/index.ts', 'src/resources/artifactapi/index.ts', 'src/registry/server.ts'];
  writeFileSync(join(tree, 'tsconfig.probe.json'), JSON.stringify({ extends: './tsconfig.json', include, exclude: [] }));
  run('tsc', ['--noEmit', '-p', 'tsconfig.probe.json']);
}

function contract(names: string): string {
  const output = run('jest', ['test/contract/definitions', 'test/contract/lifecycle', '--verbose', '-t', names]);
  expect(output).toMatch(/Tests: .* [1-9]\d* passed/);
  return output;
}

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

test('a package type is one file, and one more for the embedded registry to serve it', () => {
  writeFileSync(join(tree, 'src/common/packages/conda.ts'), packageType);
  writeFileSync(join(tree, 'src/registry/formats/types/conda.ts'), format);
  generate();
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
  const output = contract('conda');
  expect(output).toMatch(/artifactapi_remote_conda/);
  expect(output).toMatch(/artifactapi_local_conda/);
}, 300_000);

/** Adds a line after one that a file has once. */
function addLine(file: string, after: RegExp, line: string): void {
  const [found, ...others] = text(file).match(new RegExp(after, 'gm')) ?? [];
  expect([file, found, others]).toEqual([file, expect.any(String), []]);
  writeFileSync(join(tree, file), text(file).replace(`${found}`, `${found}\n${line}`));
}

test('an attribute of all remotes is one line for the provider, and one for the embedded registry', () => {
  const line = "  patience: attr(seconds.default(30), 'Seconds that the upstream has to answer.'),";
  addLine('src/resources/artifactapi/shared.ts', /^ {2}\.\.\.secret\('password'.*$/, line);
  addLine('src/registry/store/remote-settings.ts', /^ {2}immutable_ttl: ttl\(0\),$/, '  patience: ttl(30),');
  generate();
  const generated = 'constructs/generated/artifactapi';
  for (const file of ['remote-base.ts', 'data-artifactapi-remote.ts', 'data-artifactapi-remotes.ts'])
    expect([file, text(join(generated, file))]).toEqual([file, expect.stringContaining("'patience'")]);
  const output = contract('artifactapi_remote(_npm|s)\\b');
  for (const type of ['remotes', 'remote_npm']) expect(output).toMatch(new RegExp(`artifactapi_${type}\\b`));
}, 300_000);
