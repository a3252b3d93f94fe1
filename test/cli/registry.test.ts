import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BuiltCommand, type RunningCommand } from './command';

let command: BuiltCommand;
beforeAll(() => (command = new BuiltCommand()));
afterAll(() => command.remove());

const start = (...args: string[]): RunningCommand => command.start(['registry', '--port', '0', ...args]);
const url = (registry: RunningCommand): Promise<string> => registry.line(/^The registry runs at (http:\S+)/m);

describe('repoform registry', () => {
  test('says where it runs and what to try, answers there, and stops at Ctrl-C', async () => {
    const registry = start('--data', 'plain');
    const base = await url(registry);
    expect((await fetch(`${base}/health`)).status).toBe(200);
    registry.signal('SIGINT');
    const { code, stdout, stderr } = await registry.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`The registry runs at ${base} and keeps its data in plain
ArtifactAPI here serves more than real servers do (https://github.com/repoform/repoform/blob/main/docs/packages/index.md); --strict turns that off.

Try in another terminal:
  curl ${base}/health
  export ARTIFACTAPI_ENDPOINT=${base}    # then "npx cdktf deploy" or "terraform apply" with a stack of yours
Or in a browser:
  ${base}/ui/

Ctrl-C stops it.

Stopping the registry ...
Stopped. The data stays in plain.
`);
    await expect(fetch(`${base}/health`)).rejects.toThrow('fetch failed');
  });

  test('finds its data again after it was asked to end', async () => {
    const first = start('--data', 'kept');
    const remote = { name: 'npm', package_type: 'npm', repo_type: 'remote', base_url: 'https://npm.example.com' };
    const headers = { 'content-type': 'application/json' };
    const made = await fetch(`${await url(first)}/api/v2/remotes`, { method: 'POST', headers, body: JSON.stringify(remote) });
    expect(made.ok).toBe(true);
    first.signal('SIGTERM');
    expect((await first.ended).code).toBe(0);
    const second = start('--data', 'kept');
    const found = await fetch(`${await url(second)}/api/v2/remotes/npm`);
    expect(await found.json()).toMatchObject(remote);
    second.signal('SIGINT');
    await second.ended;
  });

  test('says what to do when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    const outcome = await command.run('registry', '--port', String(port), '--data', 'taken');
    other.close();
    const stderr = `repoform: port ${port} on 127.0.0.1 is in use; stop the program that uses it, or choose another port (--port 0 picks a free one)\n`;
    expect(outcome).toEqual({ code: 1, stdout: '', stderr });
  });

  test('says who has the data folder, and what to do', async () => {
    const first = start('--data', 'shared');
    await url(first);
    const outcome = await start('--data', 'shared').ended;
    first.signal('SIGINT');
    await first.ended;
    const stderr = `repoform: the data folder shared is in use by process ${first.pid}; stop it, or choose another data folder with --data\n`;
    expect(outcome).toEqual({ code: 1, stdout: '', stderr });
  });

  test('says what to do when the address is not of this machine', async () => {
    const { code, stderr } = await start('--data', 'address', '--host', '192.0.2.1', '--insecure').ended;
    expect(code).toBe(1);
    expect(stderr).toBe('repoform: "192.0.2.1" is not an address of this machine; use --host 127.0.0.1, or 0.0.0.0 for all\n');
  });

  test('warns when others can reach it and no login is required, and says that it is strict', async () => {
    const registry = start('--data', 'open', '--host', '0.0.0.0', '--strict', '--insecure');
    const text = await registry.line(/^(The registry runs at \S+ \(strict\)[^]*Note: [^\n]*)/m);
    expect(text).toContain(
      'Note: ArtifactAPI requires no logins (--insecure). Anyone who can reach this address can read and change everything.',
    );
    registry.signal('SIGINT');
    await registry.ended;
  });

  const refused: readonly [args: readonly string[], message: string][] = [
    [
      ['--host', '0.0.0.0'],
      'logins are required, since others can reach "0.0.0.0", and there is no token yet. Create one: repoform registry token create admin --scope "admin:*" --data "none". Or let pipelines in with --oidc, let everybody read with --anonymous-read, or let everybody who reaches it read and change everything with --insecure',
    ],
    [
      ['--auth'],
      'logins are required (--auth), and there is no token yet. Create one: repoform registry token create admin --scope "admin:*" --data "none". Or let pipelines in with --oidc, let everybody read with --anonymous-read, or leave out --auth',
    ],
    [['--auth', '--insecure'], '--auth and --insecure contradict each other; leave one out'],
    [['--strict', '--auth'], '--strict has no logins, as the real server has none; leave out --auth or --strict'],
    [
      ['--strict', '--host', '0.0.0.0'],
      '--strict has no logins, as the real server has none, and others can reach "0.0.0.0"; leave out --host, or add --insecure to let everybody who reaches it read and change everything',
    ],
    [['--auth', '--anonymous-read', 'a/b'], '--anonymous-read: "a/b" is not a repository name or a glob of one'],
    [['--auth', '--oidc', 'none.json'], 'the OIDC file "none.json" cannot be read: ENOENT: no such file or directory, open \'none.json\''],
  ];
  test.each(refused)('%j is refused with what to do', async (args, message) => {
    const outcome = await start('--data', 'none', ...args).ended;
    // What is missing is no wrong usage.
    const isMissing = /no token yet|cannot be read/.test(message);
    const stderr = `repoform: ${isMissing ? 'the registry cannot start: ' : ''}${message}\n`;
    expect(outcome).toEqual({ code: isMissing ? 1 : 2, stdout: '', stderr });
  });

  test('a variable that says no does not open the registry', async () => {
    const outcome = await command.start(['registry', '--port', '0', '--data', 'none', '--host', '0.0.0.0'], { REPOFORM_INSECURE: 'false' })
      .ended;
    expect(outcome.stderr).toContain('there is no token yet');
  });
});

describe('repoform registry token and audit', () => {
  const run = (...args: string[]) => command.run('registry', ...args, '--data', 'tokens');

  test.each(['token list', 'token revoke ci', 'audit'])('%s says so where there is no registry', async (words) => {
    mkdirSync(join(command.folder, 'empty'), { recursive: true });
    for (const folder of ['nowhere', 'empty'])
      expect(await command.run('registry', ...words.split(' '), '--data', folder)).toEqual({
        code: 1,
        stdout: '',
        stderr: `repoform: there is no registry in ${folder}; name its data folder with --data, or its database with --database-url\n`,
      });
    expect([existsSync(join(command.folder, 'nowhere')), readdirSync(join(command.folder, 'empty'))]).toEqual([false, []]);
  });

  test('make, list and revoke tokens, which a registry of the folder takes; what was done is in the log', async () => {
    const { stdout: admin } = await run('token', 'create', 'admin', '--scope', 'admin:*', '--expires', 'never');
    expect(admin).toMatch(/^rft_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n$/);
    const made = await run('token', 'create', 'ci', '--scope', 'read,write:npm-*', '--scope', 'read:docker', '--expires', '30');
    const day = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10);
    expect(made.stderr).toContain(`The token "ci" has the scopes read,write:npm-* read:docker and expires at ${day}`);
    expect(await run('token', 'create', 'ci', '--scope', 'read:*')).toMatchObject({
      code: 1,
      stderr: 'repoform: there is a token "ci" already; revoke it or take another name\n',
    });
    expect(await run('token', 'create', 'x y', '--scope', 'read:*')).toMatchObject({ code: 2, stdout: '' });
    expect(await run('token', 'create', 'x', '--scope', 'all:*')).toMatchObject({ code: 2, stdout: '' });
    const { stdout: listed } = await run('token', 'list');
    expect(listed).toMatch(/^admin +admin:\* +does not expire +never used\nci +read,write:npm-\* read:docker +expires \S+ +never used\n$/);
    expect(listed).not.toContain('rft_');

    const registry = command.start(['registry', '--port', '0', '--data', 'tokens', '--auth']);
    const greeting = await registry.line(/^(The registry runs at [^]*Ctrl-C stops it\.)/m);
    const base = /runs at (\S+)/.exec(greeting)?.[1] ?? '';
    expect(greeting).toContain(
      'ArtifactAPI requires logins: clients send a token as the password of any user name, or as "Authorization: Bearer <token>".',
    );
    expect(greeting).toContain(`\n  repoform registry token create NAME --scope "read:*" --url ${base}\n`);
    const env = { REPOFORM_TOKEN: admin.trim() };
    expect((await fetch(`${base}/api/v2/remotes`)).status).toBe(401);
    const behind = async (...args: string[]) => (await command.start(['registry', ...args, '--url', base], env).ended).stdout;
    const ci = made.stdout.trim();
    const asCi = () => fetch(`${base}/api/v2/remotes`, { headers: { authorization: `Bearer ${ci}` } });
    expect((await asCi()).status).toBe(200);
    // Without its URL, commands reach it through the socket in its folder.
    expect((await run('token', 'list')).stdout).toMatch(/^admin .*\nci .*\n$/);
    const late = (await run('token', 'create', 'late', '--scope', 'read:*')).stdout.trim();
    const asLate = () => fetch(`${base}/api/v2/remotes`, { headers: { authorization: `Bearer ${late}` } });
    expect((await asLate()).status).toBe(200);
    expect(await run('token', 'create', 'late', '--scope', 'all:*')).toMatchObject({ code: 2, stdout: '' });
    expect((await run('token', 'revoke', 'late')).stdout).toBe('The token "late" is revoked.\n');
    expect((await asLate()).status).toBe(401);
    expect(await run('token', 'revoke', 'late')).toMatchObject({
      code: 1,
      stderr: 'repoform: there is no token "late"; "repoform registry token list" shows them\n',
    });
    expect((await run('audit', '--limit', '1')).stdout).toContain('admin  DELETE /api/registry/tokens/late');
    const without = await command.start(['registry', 'token', 'list', '--url', base], { REPOFORM_TOKEN: '' }).ended;
    expect(without.stderr).toBe(`repoform: ${base} requires a login; set REPOFORM_TOKEN to a token with the scope "admin:*"\n`);
    const mistaken = base.replace('http:', 'https:');
    expect((await command.start(['registry', 'token', 'list', '--url', mistaken]).ended).stderr).toBe(
      `repoform: ${mistaken} cannot be reached: this port does not speak HTTPS: begin the URL with http:// instead of https://\n`,
    );
    await behind('token', 'create', 'far', '--scope', 'read:*');
    expect(await behind('token', 'revoke', 'ci')).toBe('The token "ci" is revoked.\n');
    expect((await asCi()).status).toBe(401);
    await behind('token', 'create', 'far', '--scope', 'read:*');
    await behind('token', 'revoke', 'ci');
    const log = (await behind('audit', '--json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    // What is refused has the same entry whoever was asked.
    expect(log.map(({ who, method, path, status }) => [String(who).replace(/:.*/, ''), method, path, status])).toEqual([
      ['token', 'DELETE', '/api/registry/tokens/ci', 404],
      ['token', 'POST', '/api/registry/tokens/far', 409],
      ['token', 'DELETE', '/api/registry/tokens/ci', 204],
      ['token', 'POST', '/api/registry/tokens/far', 201],
      ['local', 'DELETE', '/api/registry/tokens/late', 404],
      ['local', 'DELETE', '/api/registry/tokens/late', 204],
      ['local', 'POST', '/api/registry/tokens/late', 201],
      ['local', 'POST', '/api/registry/tokens/ci', 409],
      ['local', 'POST', '/api/registry/tokens/ci', 201],
      ['local', 'POST', '/api/registry/tokens/admin', 201],
    ]);
    expect(JSON.stringify(log)).not.toContain('rft_');
    registry.signal('SIGINT');
    await registry.ended;
  });
});

describe('repoform registry --faults', () => {
  test('goes wrong as the file says', async () => {
    writeFileSync(join(command.folder, 'faults.json'), JSON.stringify([{ path: '/version', status: 503, count: 1 }]));
    const registry = start('--data', 'faulty', '--faults', 'faults.json');
    const base = await url(registry);
    expect((await fetch(`${base}/version`)).status).toBe(503);
    expect((await fetch(`${base}/version`)).status).toBe(200);
    registry.signal('SIGINT');
    await registry.ended;
  });

  const wrong: readonly [string, string, RegExp][] = [
    ['is not JSON', '{', /^repoform: the faults file wrong\.json is not JSON: [^\n]+\n$/],
    [
      'has a wrong status',
      '[{ "status": 5 }]',
      /^repoform: the faults file wrong\.json is wrong at 0\.status: [^\n]+; write faults like [^\n]+\n$/,
    ],
    [
      'has an unknown word',
      '{ "pth": "/" }',
      /^repoform: the faults file wrong\.json is wrong: [^\n]*pth[^\n]*; write faults like [^\n]+\n$/,
    ],
  ];
  test.each(wrong)('says so when the file %s', async (_what, text, expected) => {
    writeFileSync(join(command.folder, 'wrong.json'), text);
    const { code, stderr } = await start('--data', 'wrong', '--faults', 'wrong.json').ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
  });

  test('says so when there is no such file', async () => {
    const { code, stderr } = await start('--data', 'wrong', '--faults', 'none.json').ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^repoform: the faults file cannot be read: ENOENT: [^\n]+\n$/);
  });
});
