import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
let tree: string;

/** A copy of the tree, inside the project so that its packages are found. */
beforeAll(() => {
  mkdirSync(join(root, '.repoform'), { recursive: true });
  tree = mkdtempSync(join(root, '.repoform/eleventh-'));
  for (const name of ['src', 'scripts', 'test/contract', 'test/support', 'package.json', 'tsconfig.json', 'jest.config.js'])
    cpSync(join(root, name), join(tree, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const run = (command: string, args: readonly string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: tree, encoding: 'utf8' });
  return { status, output: stdout + stderr };
};

/** The embedded registry is not made from the definitions, so it has to be told of a new type as a real server would. */
function tellTheServer(): void {
  const file = join(tree, 'src/registry/formats/all.ts');
  const text = readFileSync(file, 'utf8');
  const list = /(FORMATS: readonly Format\[\] = \[)/;
  expect(text).toMatch(list);
  writeFileSync(file, text.replace(list, "$1{ ...generic, packageType: 'conda' }, "));
}

it('takes one file to add a package type, and the contract suite tests it', () => {
  tellTheServer();
  const packageFile = readFileSync(join(tree, 'src/resources/artifactapi/packages/alpine.ts'), 'utf8');
  writeFileSync(join(tree, 'src/resources/artifactapi/packages/conda.ts'), packageFile.replaceAll('alpine', 'conda'));
  expect(run('tsx', ['scripts/generate-packages.ts'])).toMatchObject({ status: 0 });
  const { status, output } = run('jest', ['test/contract/definitions', 'test/contract/lifecycle', '--verbose', '-t', 'conda']);
  expect(output).toMatch(/artifactapi_remote_conda/);
  expect(output).toMatch(/artifactapi_local_conda/);
  expect(output).toMatch(/Tests: .* [1-9]\d* passed/);
  expect({ status, failed: /● .*/.exec(output)?.[0] }).toEqual({ status: 0, failed: undefined });
}, 120_000);
