import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { startServer } from '../../src/testing/http-server';
import { BuiltCommand } from './command';

let command: BuiltCommand;
beforeAll(() => (command = new BuiltCommand()));
afterAll(() => command.remove());

describe('repoform', () => {
  test('prints its version', async () => {
    expect(await command.run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('prints help with every command and examples', async () => {
    const { code, stdout, stderr } = await command.run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}registry \[options\] {2,}start the embedded registry$/m);
    expect(stdout).toMatch(/^ {2}provider \[options\] {2,}install or publish the Terraform provider/m);
    expect(stdout).toMatch(/^ {2}repoform provider install --dir \.\/mirror /m);
  });

  test('prints the help of a subcommand with its options and their defaults', async () => {
    const { code, stdout } = await command.run('registry', '--help');
    expect(code).toBe(0);
    for (const text of ['--port <port>', '(default: 8000,', '--host <address>', '--data <folder>', '--strict', '--faults <file>'])
      expect(stdout).toContain(text);
  });

  test('prints help and fails without a command', async () => {
    const { code, stdout, stderr } = await command.run();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: repoform <command> \[options\]$/m);
  });

  test('names its commands when it does not know one', async () => {
    const { code, stderr } = await command.run('nope');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^repoform: unknown command "nope"; expected one of registry, provider, [a-z, -]+; see "repoform --help"\n$/);
  });

  test('offers only servers with files that can be copied', async () => {
    const { stdout } = await command.run('copy-files', '--help');
    expect(stdout.replace(/\s+/g, ' ')).toContain('backend type of both servers: artifactapi, bkrepo, or a provider of your own');
  });

  test('names the variable and the server that a password is for', async () => {
    const server = await startServer(() => Promise.resolve({ status: 401, body: { code: 250114, message: 'no', data: null } }));
    const args = ['copy-files', 'bkrepo', '--from', server.endpoint, '--to', `${server.endpoint}/other`];
    const env = { BKREPO_USERNAME: 'admin', BKREPO_PASSWORD: 'common-secret', TO_BKREPO_PASSWORD: 'wrong' };
    const { code, stderr } = await command.start(args, env).ended;
    await server.stop();
    expect(code).toBe(1);
    expect(stderr).toContain('the keys do not match');
    expect(stderr).toContain('sent with the username from BKREPO_USERNAME and password from TO_BKREPO_PASSWORD. Check the credentials.');
  });

  const mistakes: readonly [string[], string][] = [
    [['nope', '--port', '1'], `unknown option '--port'; see "repoform --help"`],
    [['--nope'], `unknown option '--nope'; see "repoform --help"`],
    [['provider', 'nope'], 'unknown command "nope"; expected one of install, publish, new, build; see "repoform provider --help"'],
    [['provider', 'install'], `required option '--dir <dir>' not specified; see "repoform provider install --help"`],
    [
      ['registry', '--port', '65536'],
      `option '--port <port>' argument '65536' is invalid. A port must be a whole number from 0 to 65535; see "repoform registry --help"`,
    ],
    [['adopt', 'bkrepo'], '--out is missing; name the folder to write to, or add --dry-run'],
    [
      ['copy-files', 'bkrepo', '--from', 'http://127.0.0.1:1/', '--to', 'http://127.0.0.1:1'],
      '--from and --to are the same server, http://127.0.0.1:1',
    ],
    [
      ['run', 'artifactapi', 'probe-remote', '--remote', 'npm', '--path', 'x'],
      "the server's base URL is missing; pass --endpoint, or set ARTIFACTAPI_ENDPOINT",
    ],
    [
      ['copy-files', 'kubesphere', '--from', 'http://127.0.0.1:1', '--to', 'http://127.0.0.1:2'],
      'the repositories of KubeSphere hold no files that repoform can copy',
    ],
    [['registry', '--tls-cert', 'tls.crt'], '--tls-cert and --tls-key belong together; give both or neither'],
    [
      ['registry', '--cache-size', '5GX'],
      `option '--cache-size <size>' argument '5GX' is invalid. A size must be a number with a unit, such as 500MB, 50GB or 2TiB; see "repoform registry --help"`,
    ],
    [
      ['registry', '--clean-every', '30'],
      `option '--clean-every <time>' argument '30' is invalid. A time must be a number with a unit, such as 90s, 10m, 12h or 30d; see "repoform registry --help"`,
    ],
    [
      ['registry', '--quota', 'npm=1GB'],
      `option '--quota <name=size>' argument 'npm=1GB' is invalid. A quota must be like artifactapi/npm-local=10GB, bkrepo/blueking=1TB, bkrepo/*=1TB or artifactapi=5TB; see "repoform registry --help"`,
    ],
    [
      ['registry', 'x'],
      `unknown command "x"; expected one of gc, fsck, export, import, migrate, token, audit; see "repoform registry --help"`,
    ],
  ];
  test.each(mistakes)('answers %j with one line and exit code 2', async (args, line) => {
    expect(await command.run(...args)).toEqual({ code: 2, stdout: '', stderr: `repoform: ${line}\n` });
  });
});

// Reading and parsing all of the command would take longer than everything else that a short run does.
test.each([[['--version']], [['--help']], [['registry', '--help']], [['copy-files', '--help']]])(
  'repoform %p reads no more than the options of the commands',
  async (args) => {
    const hook = join(command.folder, 'hook.cjs');
    const sizes = 'Object.keys(require.cache).map((file) => require("fs").statSync(file).size)';
    writeFileSync(hook, `process.on('exit', () => console.error('bytes:', ${sizes}.reduce((sum, size) => sum + size, 0)));`);
    const { stderr } = await command.start(args, { NODE_OPTIONS: `--require ${hook}` }).ended;
    const bytes = Number(/^bytes: (\d+)$/m.exec(stderr)?.[1]);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(250_000);
  },
);
