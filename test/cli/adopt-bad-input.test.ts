import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { adoptServer } from '../../src/cli/adopt/server';
import type { AdoptOptions } from '../../src/cli/adopt/command';
import { forwardTo, type Reply, startServer, type TestServer } from '../../src/testing/http-server';
import { startRegistry, type Registry } from '../../src/registry/server';

let folder: string;
let registry: Registry;
let server: TestServer;
/** Changes what the server lists as remotes. */
let listed: ((remotes: readonly object[]) => readonly object[]) | undefined;
const out = (): string => join(folder, 'out');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-adopt-bad-'));
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
  registry = await startRegistry({ data: join(folder, 'data'), backends: ['artifactapi'], port: 0, closeGraceMs: 0 });
  const pass = forwardTo(registry.url);
  server = await startServer(async (got) => {
    const reply = await pass(got);
    if (!listed || got.path !== '/api/v2/remotes') return reply;
    return { ...(reply as Reply), text: JSON.stringify(listed(JSON.parse(String(reply?.text)) as object[])) };
  });
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${registry.url}/api/v2/${path}`, { method: 'POST', body: JSON.stringify(body) });
  for (const name of ['one', 'two', 'three'])
    await post('remotes', { name, package_type: 'npm', repo_type: 'remote', base_url: `https://${name}.example.com` });
  await post('virtuals', { name: 'all', package_type: 'npm', members: ['one', 'two'] });
});
afterAll(async () => {
  delete process.env['XDG_CACHE_HOME'];
  await server.stop();
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

let said: string;
let complained: string;
beforeEach(() => {
  [said, complained] = ['', ''];
  server.calls();
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((complained += String(text))));
});
afterEach(() => {
  jest.restoreAllMocks();
  listed = undefined;
  server.heal();
  rmSync(out(), { recursive: true, force: true });
  // Nothing half written stays behind.
  expect(readdirSync(folder).filter((name) => name !== 'cache')).toEqual(['data']);
});

const usual = { format: 'typescript', core: 'cdktf', stack: 'registry' } as const;
const adopt = (options: Partial<AdoptOptions> = {}): Promise<number> =>
  adoptServer('artifactapi', { ...usual, endpoint: server.endpoint, out: out(), ...options });
const asked = (): string[] => server.calls().map((call) => call.replace('/api/v2/', ''));
const kept = (): string[] => (existsSync(join(folder, 'cache')) ? readdirSync(join(folder, 'cache/repoform/adopt')) : []);

/** Adopts until the list of virtuals hangs, and is interrupted then. */
async function interrupted(): Promise<number> {
  server.fault({ kind: 'hang', path: /virtuals/, times: 99 });
  const running = adopt();
  const before = server.log.length;
  while (!server.log.slice(before).some(({ path }) => path.includes('virtuals'))) await new Promise((resolve) => setTimeout(resolve, 10));
  // Only the newest listener is the command's; the others are those of the test runner.
  process.listeners('SIGINT').at(-1)?.('SIGINT');
  const code = await running;
  server.heal();
  return code;
}

test('an interrupted adoption writes nothing, and the next one does not ask again for what it has', async () => {
  expect(await interrupted()).toBe(130);
  expect(complained).toMatch(/interrupted; nothing was written\. Run the command again/);
  expect([existsSync(out()), kept().length]).toEqual([false, 1]);
  expect(asked().filter((one) => one === 'GET remotes')).toHaveLength(1);
  expect(await adopt()).toBe(0);
  expect(complained).toContain('going on where the last run was cut off: 3 objects are known');
  expect(asked()).toEqual(['GET virtuals']);
  expect(said).toContain('Wrote 4 objects');
  expect(kept()).toEqual([]);
  rmSync(out(), { recursive: true });
  expect(await adopt()).toBe(0);
  expect(asked()).toEqual(['GET remotes', 'GET virtuals']);
});

test('what was read is kept for the same server and user only, and a line that was cut off is read anew', async () => {
  expect(await interrupted()).toBe(130);
  const file = join(folder, 'cache/repoform/adopt', kept()[0] ?? '');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
  asked();
  process.env['ARTIFACTAPI_USERNAME'] = 'somebody';
  process.env['ARTIFACTAPI_PASSWORD'] = 'else-secret';
  expect(await adopt({ dryRun: true })).toBe(0);
  delete process.env['ARTIFACTAPI_USERNAME'];
  delete process.env['ARTIFACTAPI_PASSWORD'];
  expect(asked()).toEqual(['GET remotes', 'GET virtuals']);
  expect(await adopt()).toBe(0);
  expect(said).toContain('Wrote 4 objects');
});

test.each([
  ['a password', (url: string) => url.replace('//', '//ci:s3cret@'), /carries a user name or password; set username and password/],
  ['a query', (url: string) => `${url}/?token=s3cret`, /has a query or fragment/],
])('a URL with %s is refused before anything is read or written', async (...[, change, why]) => {
  const url = change(server.endpoint);
  await expect(adopt({ endpoint: url })).rejects.toThrow(why);
  await expect(adopt({ moveTo: url })).rejects.toThrow(why);
  expect([asked(), existsSync(out())]).toEqual([[], false]);
});

test('a token that may read half of it adopts that half', async () => {
  server.fault({ kind: { status: 403, text: '{"error":"<b>no</b> [x](y)"}' }, path: /remotes/, times: 99 });
  expect(await adopt()).toBe(3);
  expect(said).toContain('Wrote one object');
  expect(said).toMatch(/Left out:\n {2}artifactapi_remote_alpine: Cannot list artifactapi_remote_alpine: .*ask its administrator/);
  expect(readFileSync(join(out(), 'main.ts'), 'utf8')).toContain("members: ['one', 'two']");
  expect(readFileSync(join(out(), 'README.md'), 'utf8')).toMatch(/&lt;b>no&lt;\/b> \\\[x\\\]\(y\).* ask its administrator for it\.$/m);
});

test('three objects that cannot be expressed are left out, each with the reason, and the others are adopted', async () => {
  const bad = (name: string) => ({ mutable_ttl: -5, ...{ name, package_type: 'npm', repo_type: 'remote', base_url: 'no url' } });
  listed = (remotes) => [...remotes.map((one) => one), ...['b1', 'b2', 'b3'].map((name) => ({ ...remotes[0], ...bad(name) }))];
  expect(await adopt()).toBe(3);
  expect(said).toContain('Wrote 4 objects');
  expect(said.match(/^ {2}artifactapi_remote_npm "b[123]": it cannot be expressed: .*/gm)).toHaveLength(3);
  expect(readFileSync(join(out(), 'README.md'), 'utf8').match(/^- artifactapi_remote_npm "b[123]": it cannot be expressed/gm)).toHaveLength(
    3,
  );
});

const app = (settings: object, files: Readonly<Record<string, string>> = {}): void => {
  mkdirSync(join(out(), 'node_modules/repoform'), { recursive: true });
  const text = "require('fs').mkdirSync(process.env.CDKTF_OUTDIR + '/stacks', { recursive: true });";
  for (const [name, content] of Object.entries({ 'cdktf.json': JSON.stringify(settings), 'app.js': text, ...files }))
    writeFileSync(join(out(), name), content);
};
const [first = '0', second = '0', third = '0'] = version.split('.');
const next = `${Number(first) + 1}.0.0`;

test.each([
  ['a file', () => writeFileSync(out(), ''), /out is a file; choose a folder/],
  ['an app in another language', () => app({ language: 'python', app: 'node app.js' }), /is in python, and only TypeScript/],
  [
    'an app of a newer version',
    () => app({ app: 'node app.js' }, { 'node_modules/repoform/package.json': JSON.stringify({ version: next }) }),
    new RegExp(`uses repoform ${next}, and this is ${version}; run the one of the app`),
  ],
  [
    'an app of an older version',
    () => app({ app: 'node app.js' }, { 'node_modules/repoform/package.json': '{ "version": "0.0.3" }' }),
    new RegExp(`uses repoform 0.0.3, .*"npm install repoform@${version}" there first`),
  ],
  [
    'an app that is synthesized to HCL',
    () =>
      app({ app: 'node app.js' }, { 'app.js': "require('fs').mkdirSync(process.env.CDKTF_OUTDIR + '/stacks/one', { recursive: true });" }),
    /wrote no cdk\.tf\.json for its stack one/,
  ],
] as [string, () => void, RegExp][])('%s is refused in one line, and stays as it is', async (_, lay, message) => {
  lay();
  const before = existsSync(join(out(), 'app.js')) ? readdirSync(out()) : [];
  await expect(adopt()).rejects.toThrow(message);
  expect(existsSync(join(out(), 'app.js')) ? readdirSync(out()) : []).toEqual(before);
  expect(asked()).toEqual([]);
});

test('an app that is running when the adoption is interrupted is ended with what it started', async () => {
  const state = join(folder, 'cache', 'state');
  const stay = `const write = (text) => require('fs').writeFileSync(${JSON.stringify(state)}, text);
    process.on('SIGTERM', () => { write('ended'); process.exit(); });
    write('running');
    setTimeout(() => undefined, 60_000);`;
  app({ app: 'node app.js; true' }, { 'app.js': stay });
  const ended = adopt();
  while (!existsSync(state)) await new Promise((resolve) => setTimeout(resolve, 20));
  // Those of the adoption and of the app that it runs.
  for (const listener of process.listeners('SIGTERM').slice(-2)) listener('SIGTERM');
  expect(await ended).toBe(143);
  expect(readFileSync(state, 'utf8')).toBe('ended');
  rmSync(state);
});

test('an app of this line of versions, with a secrets.ts of its own, gets new files beside it', async () => {
  const same = { 'node_modules/repoform/package.json': JSON.stringify({ version: `${first}.${second}.${Number(third) + 7}` }) };
  app({ app: 'node app.js', context: { a: 1 } }, { ...same, 'secrets.ts': 'export const mine = 1;\n' });
  listed = (remotes) => remotes.map((one) => ({ ...one, username: 'ci', has_password: true }));
  expect(await adopt()).toBe(0);
  expect(readdirSync(out()).sort()).toEqual(['added.ts', 'app.js', 'cdktf.json', 'node_modules', 'secrets.ts', 'secrets2.ts']);
  expect(readFileSync(join(out(), 'secrets.ts'), 'utf8')).toBe('export const mine = 1;\n');
  expect(readFileSync(join(out(), 'added.ts'), 'utf8')).toContain("import { secret } from './secrets2';");
  expect(readFileSync(join(out(), 'added.ts'), 'utf8')).toContain(
    ['one', 'three', 'two'].map((name) => ` * - \`TF_VAR_${name}_password\`\n`).join('') + ' */\nexport class Added ',
  );
});
