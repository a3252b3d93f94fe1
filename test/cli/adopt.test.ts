import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adoptServer } from '../../src/cli/adopt/server';
import type { AdoptOptions } from '../../src/cli/adopt/command';
import { forwardTo, startServer, type TestServer } from '../../src/testing/http-server';
import { startRegistry, type Registry } from '../../src/registry/server';

let folder: string;
let registry: Registry;
let server: TestServer;
let meanwhile: (() => void) | undefined;
const out = (): string => join(folder, 'out');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-adopt-test-'));
  registry = await startRegistry({ data: join(folder, 'data'), backends: ['artifactapi'], port: 0, closeGraceMs: 0 });
  const pass = forwardTo(registry.url);
  server = await startServer((got) => {
    meanwhile?.();
    return pass(got);
  });
  const remote = { name: 'npmjs', package_type: 'npm', repo_type: 'remote', base_url: 'https://npm.example.com' };
  await fetch(`${registry.url}/api/v2/remotes`, { method: 'POST', body: JSON.stringify(remote) });
});
afterAll(async () => {
  await server.stop();
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

let said: string;
beforeEach(() => {
  said = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))));
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
  meanwhile = undefined;
  server.heal();
  rmSync(out(), { recursive: true, force: true });
  // Nothing half written stays behind.
  expect(readdirSync(folder)).toEqual(['data']);
});

const usual = { format: 'typescript', core: 'cdktf', stack: 'registry', type: [], include: [], exclude: [] } as const;
const adopt = (options: Partial<AdoptOptions> = {}): Promise<number> =>
  adoptServer('artifactapi', { ...usual, endpoint: server.endpoint, out: out(), ...options });

test('an empty folder is filled, with status 0', async () => {
  mkdirSync(out());
  expect(await adopt()).toBe(0);
  expect(readdirSync(out()).sort()).toEqual([
    '.gitignore',
    'README.md',
    'cdktf.json',
    'imports.ts',
    'main.ts',
    'package.json',
    'tsconfig.json',
  ]);
  expect(said).toContain('Wrote one object in 7 files');
});

test('a dry run writes nothing', async () => {
  expect(await adopt({ dryRun: true })).toBe(0);
  expect(said).toContain('Would write one object in 7 files');
  expect(readdirSync(folder)).toEqual(['data']);
});

test('a list that cannot be read makes the status 3', async () => {
  server.fault({ kind: { status: 403, text: '{"error":"forbidden"}' }, path: /virtuals/, times: 99 });
  expect(await adopt()).toBe(3);
  expect(said).toMatch(/Left out:\n {2}artifactapi_virtual: /);
});

test('what comes into a folder while the server is read stays as it is, and nothing is written', async () => {
  meanwhile = () => {
    mkdirSync(out(), { recursive: true });
    writeFileSync(join(out(), 'main.ts'), 'mine');
  };
  await expect(adopt()).rejects.toThrow(/main\.ts was not there when the server was read; nothing was written/);
  expect(readdirSync(out())).toEqual(['main.ts']);
});

test('what an app has stays as it is, even what has come meanwhile', async () => {
  mkdirSync(out());
  writeFileSync(
    join(out(), 'app.js'),
    "const { mkdirSync } = require('fs'); mkdirSync(process.env.CDKTF_OUTDIR + '/stacks', { recursive: true });",
  );
  writeFileSync(join(out(), 'cdktf.json'), JSON.stringify({ app: 'node app.js' }));
  meanwhile = () => writeFileSync(join(out(), 'added.ts'), 'mine');
  await expect(adopt()).rejects.toThrow(/added\.ts was not there/);
  expect(readFileSync(join(out(), 'added.ts'), 'utf8')).toBe('mine');
  meanwhile = undefined;
  expect(await adopt()).toBe(0);
  expect(readdirSync(out()).sort()).toEqual(['added.ts', 'added2.ts', 'app.js', 'cdktf.json']);
});

test.each([
  ['a folder that is no app', {}, /is not empty and has no cdktf.json/, () => writeFileSync(join(out(), 'x'), '')],
  ['no folder', { out: undefined }, /--out is missing/],
  ['an endpoint without a scheme', { endpoint: 'example.com' }, /^--endpoint: "example\.com" is not a URL; write one with scheme and host/],
  ['a selection that lets nothing pass', { include: ['nothing*'] }, /one object is at .*, but --include and --exclude select none/],
] as [string, Partial<AdoptOptions>, RegExp, (() => void)?][])('%s is an error', async (...[, options, message, prepare]) => {
  mkdirSync(out());
  prepare?.();
  await expect(adopt(options)).rejects.toThrow(message);
});
