import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '../..');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** An app in a folder of its own, whose packages are those of this repository, and the library what is built. */
function appFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-app-'));
  folders.push(folder);
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['cdktf', 'cdktn', 'constructs', 'tsx', 'typescript'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  symlinkSync(root, join(folder, 'node_modules/repoform'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const tsx = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs')];

/** Runs an app as the command does, which goes on where annotations are errors. */
function synthesize(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: 'true', ...env },
  });
}

interface Annotation {
  readonly constructPath: string;
  readonly level: string;
  readonly message: string;
}

function annotationsIn(folder: string): string[] {
  const { stacks } = JSON.parse(readFileSync(join(folder, 'cdktf.out/manifest.json'), 'utf8')) as {
    readonly stacks: Readonly<Record<string, { readonly annotations: readonly Annotation[] }>>;
  };
  return Object.values(stacks)
    .flatMap(({ annotations }) => annotations)
    .map(
      ({ level, constructPath, message }) =>
        `${level.replace('@cdktf/', '')} ${constructPath} ${/ \[([a-z-]+)\]$/.exec(message)?.[1] ?? message}`,
    );
}

const positionsIn = (folder: string, stack = 'registry'): string =>
  readFileSync(join(folder, 'cdktf.out/stacks', stack, 'repoform.positions.json'), 'utf8');
const stackIn = (folder: string, stack = 'registry'): string =>
  readFileSync(join(folder, 'cdktf.out/stacks', stack, 'cdk.tf.json'), 'utf8');

const example = join(root, 'examples/own-rules');

describe.each(['cdktf', 'cdktn'])('the example of own rules on %s', (core) => {
  const folder = appFolder({});
  beforeAll(() => {
    cpSync(example, folder, { recursive: true, filter: (path) => !path.endsWith('cdktf.out') });
    for (const name of ['main.ts', 'rules.ts']) {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8').replace(`'cdktf'`, `'${core}'`);
      writeFileSync(file, core === 'cdktf' ? text : text.replace(/'repoform\//g, `'repoform/cdktn/`));
    }
    const { status, stderr } = synthesize(folder, [...tsx, 'main.ts']);
    expect([status, stderr]).toEqual([0, '']);
  });

  test('reports what its README says, by an aspect of the app', () => {
    expect(annotationsIn(folder)).toEqual([
      'info registry/stable acme-remote-in-virtual',
      'warn registry/mirror acme-owner-in-description',
    ]);
  });

  test('records the lines of the source, relative to the folder, beside the stack', () => {
    const lines = readFileSync(join(folder, 'main.ts'), 'utf8').split('\n');
    const {
      version,
      root: up,
      positions,
    } = JSON.parse(positionsIn(folder)) as { version: number; root: string; positions: Record<string, string> };
    expect([version, up]).toEqual([1, '../../..']);
    const made = Object.entries(positions).map(([address, position]) => {
      const [file, line, column] = position.split(':');
      return [address, file, lines[Number(line) - 1]?.slice(Number(column) - 1).replace(/\(.*/, '')];
    });
    expect(made).toEqual([
      ['artifactapi_local_generic.files', 'main.ts', 'new LocalGeneric'],
      ['artifactapi_remote_generic.mirror', 'main.ts', 'new RemoteGeneric'],
      ['artifactapi_remote_helm.stable', 'main.ts', 'new RemoteHelm'],
      ['provider.artifactapi', 'main.ts', 'new ArtifactapiProvider'],
    ]);
    expect(stackIn(folder)).not.toContain('main.ts');
    expect(positionsIn(folder)).not.toContain(folder);
  });

  test('is the same with every run', () => {
    const before = [positionsIn(folder), stackIn(folder)];
    synthesize(folder, [...tsx, 'main.ts']);
    expect([positionsIn(folder), stackIn(folder)]).toEqual(before);
  });

  test('has its suppressions in the comments of the synthesized stack', () => {
    const { resource } = JSON.parse(stackIn(folder)) as { resource: Record<string, Record<string, { '//': unknown }>> };
    expect(resource['artifactapi_remote_generic']?.['mirror']?.['//']).toEqual({
      metadata: { path: 'registry/mirror', uniqueId: 'mirror' },
      repoform: { suppress: { 'open-proxy': 'files.example.com is our own server' } },
    });
    expect(resource['artifactapi_local_generic']?.['files']?.['//']).toEqual({ metadata: { path: 'registry/files', uniqueId: 'files' } });
  });
});

test('the command finds the same with the rules of the example', () => {
  const folder = appFolder({});
  cpSync(example, folder, { recursive: true, filter: (path) => !path.endsWith('cdktf.out') });
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ app: `"${process.execPath}" --import "${tsx[1]}" main.ts` }));
  const command = [...tsx, join(root, 'src/cli/main.ts'), 'check', '--rules', './rules.ts', '--format', 'json', '--fail-on', 'warning'];
  const { status, stdout } = synthesize(folder, command);
  const { findings, suppressed } = JSON.parse(stdout) as Record<'findings' | 'suppressed', { code: string; position: { file: string } }[]>;
  expect([status, findings.map(({ code, position }) => `${position.file} ${code}`), suppressed.map(({ code }) => code)]).toEqual([
    1,
    ['main.ts acme-owner-in-description', 'main.ts acme-remote-in-virtual'],
    ['open-proxy'],
  ]);
});

const app = (core: string, more: string): string => `
import { App, Aspects, TerraformStack } from '${core}';
import { ArtifactapiProvider, LocalNpm, NpmFront, RemoteGeneric } from 'repoform/artifactapi';
import { RegistryChecks, suppressRule } from 'repoform/checks';

const app = new App();
const stack = new TerraformStack(app, 'registry');
new ArtifactapiProvider(stack, 'provider', { endpoint: 'https://artifacts.example.com', insecureSkipVerify: true });
${more}
app.synth();
`;

test('a suppression of a stack holds for all in it, the nearest reason counts, and synthesis does not warn either', () => {
  const folder = appFolder({
    'main.ts': app(
      'cdktf',
      `new LocalNpm(stack, 'npm', { name: 'npm' });
const open = new RemoteGeneric(stack, 'open', { name: 'open', baseUrl: 'https://files.example.com' });
suppressRule(stack, 'open-proxy', 'of the stack');
suppressRule(open, 'open-proxy', 'of the remote');
suppressRule(stack, 'unserved-repository', 'tried on our server');
suppressRule(stack, 'tls-verification-off', 'a test');`,
    ),
  });
  expect(synthesize(folder, [...tsx, 'main.ts']).stderr).toBe('');
  expect(annotationsIn(folder)).toEqual([]);
  const json = JSON.parse(stackIn(folder)) as Record<string, Record<string, Record<string, Record<string, object>>>>;
  expect(json).toMatchObject({
    '//': { repoform: { suppress: { 'open-proxy': 'of the stack' } } },
    provider: { artifactapi: [{ '//': { repoform: { suppress: { 'tls-verification-off': 'a test' } } } }] },
    resource: { artifactapi_remote_generic: { open: { '//': { repoform: { suppress: { 'open-proxy': 'of the remote' } } } } } },
  });
});

test('what is made by a package, or inside a construct of the library, has the line of the app that made that', () => {
  const folder = appFolder({
    'main.ts': app(
      'cdktf',
      `import { mirror } from 'acme-constructs';
new NpmFront(stack, 'npm', { name: 'npm', upstream: 'https://npm.example.com', privateNames: ['@acme/'] });
for (const name of ['a', 'b']) mirror(stack, name);`,
    ),
  });
  const acme = join(folder, 'node_modules/acme-constructs');
  mkdirSync(acme);
  writeFileSync(
    join(acme, 'index.js'),
    `const { RemoteGeneric } = require(${JSON.stringify(join(root, 'lib/cdktf/artifactapi.js'))});
exports.mirror = (scope, name) => new RemoteGeneric(scope, name, { name, baseUrl: 'https://files.example.com' });`,
  );
  expect(synthesize(folder, [...tsx, 'main.ts']).stderr).toBe('');
  const { positions } = JSON.parse(positionsIn(folder)) as { positions: Record<string, string> };
  const front = Object.entries(positions).filter(([address]) => address.includes('npm'));
  expect(new Set(front.map(([, position]) => position.split(':')[1])).size).toBe(1);
  expect(front).toHaveLength(3);
  expect(positions['artifactapi_remote_generic.a']).toBe(positions['artifactapi_remote_generic.b']);
  expect(Object.values(positions).every((position) => position.startsWith('main.ts:'))).toBe(true);
});

test('compiled JavaScript has the lines of its source, if it has a source map', () => {
  const folder = appFolder({ 'main.ts': app('cdktf', '') });
  const text = readFileSync(join(folder, 'main.ts'), 'utf8');
  const line = text.split('\n').findIndex((one) => one.startsWith('new ArtifactapiProvider')) + 1;
  mkdirSync(join(folder, 'dist'));
  const positionAfter = (maps: ts.CompilerOptions): string | undefined => {
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, ...maps };
    const { outputText, sourceMapText = '' } = ts.transpileModule(text, { compilerOptions, fileName: 'main.ts' });
    writeFileSync(join(folder, 'dist/main.js'), outputText);
    writeFileSync(join(folder, 'dist/main.js.map'), sourceMapText);
    expect(synthesize(folder, ['dist/main.js']).stderr).toBe('');
    return (JSON.parse(positionsIn(folder)) as { positions: Record<string, string> }).positions['provider.artifactapi'];
  };
  expect(positionAfter({ sourceMap: true })).toBe(`dist/main.ts:${line}:1`);
  expect(positionAfter({ inlineSourceMap: true })).toBe(`dist/main.ts:${line}:1`);
  expect(positionAfter({})).toMatch(/^dist\/main\.js:\d+:1$/);
});

test('errors end the synthesis with a message for each, unless they are allowed', () => {
  const folder = appFolder({ 'main.ts': app('cdktf', 'Aspects.of(stack).add(new RegistryChecks());') });
  const { status, stderr } = synthesize(folder, [...tsx, 'main.ts'], { CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: undefined });
  expect(status).toBe(1);
  expect(stderr).toContain(
    '[registry/provider] the provider accepts any server certificate. Remove insecure_skip_verify, and name your own CA in ca_cert. [tls-verification-off]',
  );
});
