import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { devDependencies, peerDependencies, version } from '../../package.json';
import { BuiltCommand } from './command';

const root = join(__dirname, '../..');
const command = new BuiltCommand();
beforeAll(() => command.addLibrary());
afterAll(() => command.remove());

/** A folder below that of the command, with these files; what is listed is installed in it. */
function folderWith(name: string, files: Readonly<Record<string, string>>, installed: readonly string[] = []): string {
  const folder = join(command.folder, name);
  mkdirSync(join(folder, 'src'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  for (const one of installed) symlinkSync(join(root, 'node_modules', one), join(folder, 'node_modules', one));
  return folder;
}

describe('repoform provider new', () => {
  test('makes a package that is named after the provider, with the versions that this one is built with', async () => {
    const { code, stdout, stderr } = await command.run('provider', 'new', 'widget');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const folder = join(command.folder, 'terraform-provider-widget');
    expect(stdout).toContain('cd terraform-provider-widget');
    expect(readdirSync(folder).sort()).toEqual(['.gitignore', 'README.md', 'example', 'package.json', 'src', 'test', 'tsconfig.json']);
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
    expect(about['dependencies']).toEqual({ repoform: `^${version}` });
    // The newest version of constructs that the optional cores allow beside each other; npm would take one that they refuse.
    expect(about['devDependencies']?.['constructs']).toBe(devDependencies.constructs);
    expect(about['peerDependencies']?.['constructs']).toBe(peerDependencies.constructs);
    expect(Object.entries(about['devDependencies'] ?? {}).filter(([, wanted]) => !/\d/.test(wanted))).toEqual([]);
    const texts = ['src/provider.ts', 'src/team.ts', 'example/main.ts', 'README.md'].map((file) =>
      readFileSync(join(folder, file), 'utf8'),
    );
    expect(texts.filter((text) => /acme/i.test(text))).toEqual([]);
  });

  test('overwrites nothing', async () => {
    const folder = folderWith('kept', { 'README.md': 'mine' });
    const { code, stderr } = await command.run('provider', 'new', 'widget', '--dir', 'kept');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `repoform: ${join(folder, 'README.md')} already exists and is not overwritten; choose another folder with --dir\n`,
    });
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'node_modules', 'src']);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine');
  });

  test.each(['Widget', 'my-widget', '1st', 'terraform', '../up'])('refuses the name "%s"', async (name) => {
    const { code, stderr } = await command.run('provider', 'new', name, '--dir', 'refused');
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^repoform: "${name}" cannot be the name of a provider; .*, e.g. acme\n$`));
  });
});

/** A package as `repoform provider new` creates it, with these tools, and one change to its resource. */
async function scaffoldWith(name: string, [from, to]: readonly [string | RegExp, string]): Promise<string> {
  expect((await command.run('provider', 'new', 'widget', '--dir', name)).code).toBe(0);
  const tools = ['esbuild', 'typescript', 'cdktf', 'constructs', '@types'];
  const folder = folderWith(name, {}, tools);
  const file = join(folder, 'src/team.ts');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  return folder;
}

describe('repoform provider build type-checks the definition', () => {
  const hooks = (names: string): string =>
    `async read() { return undefined; }, async create() { return {}; }, async update() { return {}; }, ${names}`;
  test.each([
    ['a misspelt fact', ['{ forceNew: true }', '{ writeonly: true }'], /'writeonly' does not exist.*'writeOnly'/],
    ['a missing read', ["...rest({ path: '/teams' })", hooks('async remove() {}').replace(/^.*?}, /, '')], /[Pp]roperty 'read' is missing/],
    ['a hook by another name', ["...rest({ path: '/teams' })", hooks('async delete() {}')], /'delete' does not exist|'remove' is missing/],
  ] as const)('and refuses %s with the message of the compiler', async (what, change, message) => {
    const folder = await scaffoldWith(what.replaceAll(' ', '-'), change);
    const { code, stderr } = await command.run('provider', 'build', '--dir', folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^repoform: the definition does not compile:\nsrc\/team\.ts\(\d+,\d+\): error TS\d+: /);
    expect(stderr).toMatch(message);
    expect(readdirSync(folder)).not.toContain('dist');
  });

  test('and says nothing of one that is right, with the settings of the package and without', async () => {
    const folder = await scaffoldWith('sound', ["'A team.'", "'A squad.'"]);
    for (const settings of [true, false]) {
      if (!settings) rmSync(join(folder, 'tsconfig.json'));
      // Without its own constructs base, the build stops only after the check.
      expect((await command.run('provider', 'build', '--dir', folder)).stderr).not.toContain('the definition does not compile');
      expect(readdirSync(folder)).toContain('dist');
    }
  });
});

describe('repoform provider build says in one line what is missing', () => {
  const about = '{ "name": "widgets", "version": "1.0.0" }';
  const tools = ['esbuild', 'typescript', 'cdktf', 'constructs'];
  const build = async (name: string): Promise<string> => {
    const { code, stderr } = await command.run('provider', 'build', '--dir', name);
    expect(code).toBe(1);
    return stderr.replaceAll(command.folder, '');
  };

  test('a package', async () => {
    mkdirSync(join(command.folder, 'nothing'));
    expect(await build('nothing')).toMatch(/^repoform: there is no package.json in \/nothing; .*"repoform provider new" creates one\n$/);
  });

  test('a definition', async () => {
    folderWith('empty', { 'package.json': about });
    expect(await build('empty')).toBe(
      'repoform: there is no /empty/src/provider.ts; write the definition there, or name its file with --entry\n',
    );
  });

  test.each(['esbuild', 'typescript'])('%s', async (tool) => {
    folderWith(
      `no-${tool}`,
      { 'package.json': about, 'src/provider.ts': '' },
      tools.filter((one) => one !== tool),
    );
    expect(await build(`no-${tool}`)).toBe(
      `repoform: ${tool} is not installed in /no-${tool}; run "npm install --save-dev esbuild typescript" there\n`,
    );
  });

  test('a core', async () => {
    folderWith('no-core', { 'package.json': about, 'src/provider.ts': '' }, ['esbuild', 'typescript', 'constructs']);
    expect(await build('no-core')).toMatch(
      /^repoform: neither cdktf nor cdktn is installed in \/no-core, .*"npm install --save-dev cdktf constructs@~10\.7\.0" there\n$/,
    );
  });

  test('the provider that the file exports', async () => {
    folderWith('no-export', { 'package.json': about, 'src/provider.ts': 'export const provider = 1;' }, tools);
    expect(await build('no-export')).toBe(
      'repoform: /no-export/src/provider.ts does not export a provider; end it with "export default defineProvider({ ... })"\n',
    );
  });

  test('what makes a definition work', async () => {
    const text = `import { connection, defineProvider } from 'repoform/provider';
export default defineProvider({ name: 'Widgets', title: 'W', description: 'W.', attributes: connection('W'), resources: [], example: {} });`;
    folderWith('wrong', { 'package.json': about, 'src/provider.ts': text }, tools);
    expect(await build('wrong')).toMatch(/^repoform: the provider cannot be named "Widgets"; .*\n$/);
  });
});

test('repoform provider install says which package has no provider', async () => {
  folderWith('plain', { 'package.json': '{ "name": "plain" }' });
  const { code, stderr } = await command.run('provider', 'install', '--dir', 'mirror', '--package', './plain');
  expect({ code, stderr: stderr.replaceAll(command.folder, '') }).toEqual({
    code: 1,
    stderr:
      'repoform: the package in /plain has no dist/provider.json; run "npx repoform provider build" in /plain, or install a package that has a provider\n',
  });
  const missing = await command.run('provider', 'install', '--dir', 'mirror', '--package', 'not-there');
  expect(missing.stderr).toBe('repoform: "not-there" is neither a package folder nor an installed package; run "npm install not-there"\n');
});

test.each(['custom-provider', 'org-package'])('the example %s has the version of constructs that installs beside its peers', (name) => {
  const about = JSON.parse(readFileSync(join(root, 'examples', name, 'package.json'), 'utf8')) as { devDependencies: object };
  expect(about.devDependencies).toMatchObject({ constructs: devDependencies.constructs });
});
