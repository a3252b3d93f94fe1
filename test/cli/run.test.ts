import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { BuiltCommand, type Outcome } from './command';

let command: BuiltCommand;
let server: TestServer;
let slow: (() => void) | undefined;
beforeAll(async () => {
  command = new BuiltCommand();
  server = await startServer(async ({ method, path }) => {
    if (path === '/api/v2/remotes/files' || path === '/api/v2/remotes/npm')
      return { status: 200, body: { name: path.split('/').at(-1), repo_type: path.endsWith('npm') ? 'remote' : 'local' } };
    if (path === '/api/v2/probe') {
      slow?.();
      if (slow) await new Promise((late) => setTimeout(late, 400));
      return { status: 200, body: { status: 200 } };
    }
    if (method === 'DELETE') return { status: path.endsWith('/a/one') ? 204 : 404 };
    return { status: 404 };
  });
}, 60_000);
afterEach(() => (slow = undefined));
afterAll(async () => {
  command.remove();
  await server.stop();
});

const artifactapi = (...args: string[]): Promise<Outcome> =>
  command.run('run', 'artifactapi', ...args, ...(args.includes('--help') ? [] : ['--endpoint', server.endpoint]));

test('help lists the actions of a provider, and the options of an action', async () => {
  expect(await command.run('run', '--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Usage: repoform run <backend> <action>'),
  });
  const actions = await artifactapi('--help');
  expect(actions).toMatchObject({ code: 0, stderr: '' });
  expect(actions.stdout.match(/^ {2}([\w-]+)/gm)?.map((line) => line.trim())).toEqual(['evict-objects', 'probe-remote']);
  const { stdout } = await artifactapi('evict-objects', '--help');
  expect(stdout.match(/^ {2}(--[\w-]+ \S+)/gm)?.map((line) => line.trim())).toEqual(
    expect.arrayContaining(['--remote <text>', '--paths <text>', '--pattern <text>', '--timeouts <json>']),
  );
});

test('help marks required options and defaults, and no destructive option looks set', async () => {
  const { stdout } = await command.run('run', 'bkrepo', 'clean-nodes', '--help');
  const help = stdout.replace(/\s+/g, ' ');
  expect(help).toContain('--project <text> Project of the repository (required)');
  expect(help).toContain('--repository <text> Name of the repository (required)');
  expect(help).toMatch(/--force \[boolean\] Confirms that files may be deleted; [^(]* by default --/);
  expect(help).not.toContain('preset');
  const sync = await command.run('run', 'kubesphere', 'sync-app-repository', '--help');
  expect(sync.stdout.replace(/\s+/g, ' ')).toMatch(/--wait-for-sync \[boolean\] [^-]*\(default: true\)/);
});

test('an action runs, by any spelling of its name, and lists are given by repeating an option', async () => {
  for (const name of ['evict-objects', 'evict_objects', 'artifactapi_evict_objects'])
    expect(await artifactapi(name, '--remote', 'npm', '--paths', 'a/one', '--paths', 'b')).toEqual({
      code: 0,
      stdout: 'evicted one object of "npm"\n',
      stderr: '',
    });
});

test('with --json, progress and result are lines of JSON', async () => {
  const { code, stdout } = await artifactapi('probe-remote', '--remote', 'npm', '--path', 'x', '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  expect([code, lines.map(({ type }) => type), lines.at(-1)]).toEqual([
    0,
    ['progress', 'progress', 'completed'],
    { type: 'completed', diagnostics: [] },
  ]);
});

test.each<[string, readonly string[], number, string]>([
  ['a missing backend', [], 2, ''],
  ['a missing action', ['artifactapi'], 2, 'Every action has its own help'],
  ['an unknown action', ['artifactapi', 'burn'], 2, 'unknown action "burn"; expected one of evict-objects, probe-remote'],
  ['an unknown backend', ['foo', 'bar'], 2, 'unknown backend "foo"; expected one of artifactapi, bkrepo, kubesphere'],
  ['a missing option', ['artifactapi', 'evict-objects'], 2, "required option '--remote <text>' not specified"],
  ['an unknown option', ['artifactapi', 'evict-objects', '--remote', 'npm', '--remot', 'x'], 2, "unknown option '--remot'"],
  ['a value of another type', ['bkrepo', 'clean-nodes', '--unused-days', 'x'], 2, 'expected a number'],
  [
    'a value that is not allowed',
    ['bkrepo', 'clean-nodes', '--project', 'p1', '--repository', 'r1', '--unused-days', '3', '--force', 'false'],
    2,
    'Set --force to true',
  ],
  [
    'an action without one of two options',
    ['artifactapi', 'evict-objects', '--remote', 'npm'],
    2,
    'Set --paths, or --pattern to evict all objects that match it; the pattern . matches every path.',
  ],
  ['an action that is refused', ['artifactapi', 'evict-objects', '--remote', 'files', '--pattern', '.'], 1, 'Error: Not a Remote'],
])('%s is an error that says what to do', async (...[, args, code, message]) => {
  const needsServer = args.length > 2;
  const outcome = await command.run('run', ...args, ...(needsServer ? ['--endpoint', server.endpoint] : []));
  expect(outcome.code).toBe(code);
  expect(outcome.stderr).toContain(message);
  expect(outcome.stdout).toBe('');
});

test('an interrupt ends it', async () => {
  const begun = new Promise<void>((resolve) => (slow = resolve));
  const running = command.start(['run', 'artifactapi', 'probe-remote', '--remote', 'npm', '--path', 'x', '--endpoint', server.endpoint]);
  await begun;
  running.signal('SIGINT');
  expect((await running.ended).code).toBe(130);
});

test('the actions of a provider of a team are run the same way, a secret from the environment', async () => {
  const folder = join(command.folder, 'acme');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(join(__dirname, '../../node_modules/esbuild'), join(folder, 'node_modules/esbuild'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "acme", "version": "1.0.0" }');
  writeFileSync(
    join(folder, 'provider.ts'),
    `import { attr, connection, defineAction, defineProvider, defineResource, rest, z } from 'repoform/provider';
const team = defineResource({ type: 'acme_team', description: 'A team.', key: ['name'], attributes: { name: attr(z.string(), 'Name.') }, ...rest({ path: '/teams' }), example: { minimal: { name: 'a' }, full: { name: 'a' } } });
const greet = defineAction({
  type: 'acme_greet',
  description: 'Greets somebody.',
  attributes: { json: attr(z.string(), 'Who.'), loud: attr(z.boolean().default(false), 'How.'), code: attr(z.string(), 'Code.', { sensitive: true }) },
  async invoke({ config, progress }) { progress(\`hello \${config.json}\${config.loud ? '!' : ''} \${config.code.length} \${config.code}\`); },
  example: { json: 'you', code: 'x' },
});
export default defineProvider({ name: 'acme', title: 'Acme', description: 'Acme.', attributes: connection('Acme'), resources: [team], actions: [greet], example: { endpoint: 'http://127.0.0.1:1' } });`,
  );
  const args = ['run', join(folder, 'provider.ts'), 'greet', '--arg-json', 'Ann', '--loud', '--endpoint', server.endpoint];
  const running = command.start(args, { ACME_GREET_CODE: 'hush-4711-hush' });
  expect(await running.ended).toEqual({ code: 0, stdout: 'hello Ann! 14 (sensitive)\n', stderr: '' });
});
