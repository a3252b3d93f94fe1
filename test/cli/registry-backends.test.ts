import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startCharts } from '../support/charts';
import { BuiltCommand, type RunningCommand } from './command';

let command: BuiltCommand;
beforeAll(() => (command = new BuiltCommand()));
afterAll(() => command.remove());

const start = (...args: string[]): RunningCommand => command.start(['registry', '--port', '0', ...args]);
const url = (registry: RunningCommand): Promise<string> => registry.line(/^The registry runs at (http:\S+)/m);

describe('repoform registry --backend', () => {
  const bkrepo = (registry: RunningCommand): Promise<string> => registry.line(/^BK-Repo runs at (http:\S+)/m);
  const projects = async (base: string, authorization = `Basic ${Buffer.from('admin:password').toString('base64')}`): Promise<unknown> => {
    const answer = await fetch(`${base}/repository/api/project/list`, { headers: { authorization, 'x-bkrepo-uid': 'admin' } });
    return ((await answer.json()) as { data: unknown }).data;
  };
  const end = async (registry: RunningCommand): Promise<string> => {
    registry.signal('SIGINT');
    return (await registry.ended).stdout;
  };

  test('bkrepo speaks BK-Repo alone, and shows the keys of its platform once', async () => {
    const args = ['--backend', 'bkrepo', '--bkrepo-port', '0', '--data', 'bkrepo'];
    const registry = start(...args);
    const base = await bkrepo(registry);
    expect(await projects(base)).toEqual([]);
    const text = await registry.line(/^(BK-Repo runs at [^]*Ctrl-C stops it\.)/m);
    const [, accessKey = '', secretKey = ''] = /access key (\w{32}) and the secret key (\w{30}),/.exec(text) ?? [];
    expect(await projects(base, `Platform ${Buffer.from(`${accessKey}:${secretKey}`).toString('base64')}`)).toEqual([]);
    expect(await end(registry)).toBe(`BK-Repo runs at ${base} and keeps its data in bkrepo
The platform account of BK-Repo has the access key ${accessKey} and the secret key ${secretKey}, which will not be shown again.

Try in another terminal:
  curl -u admin:password ${base}/repository/api/project/list    # unless you changed the password
  export BKREPO_ENDPOINT=${base} BKREPO_USERNAME=admin BKREPO_PASSWORD=password
Or in a browser:
  ${base}/ui/

Ctrl-C stops it.

Stopping the registry ...
Stopped. The data stays in bkrepo.
`);
    const again = start(...args);
    const later = await bkrepo(again);
    expect(await projects(later, `Platform ${Buffer.from(`${accessKey}:${secretKey}`).toString('base64')}`)).toEqual([]);
    expect(await end(again)).not.toContain('access key');
  });

  test.each([
    ['all', ['--backend', 'all']],
    ['a list', ['--backend', 'artifactapi,bkrepo']],
    ['repeated', ['--backend', 'bkrepo', '--backend', 'artifactapi']],
  ])('%s speaks both from one folder, each on its port', async (name, args) => {
    const keys = ['--bkrepo-access-key', 'given-key', '--bkrepo-secret-key', 'given-secret', '--kubesphere-port', '0'];
    const registry = start(
      ...args,
      ...keys,
      '--bkrepo-port',
      '0',
      '--bkrepo-prefix',
      '/bk',
      '--seed',
      '--strict',
      '--data',
      `both-${name}`,
    );
    const base = await bkrepo(registry);
    expect(base).toMatch(/:\d+\/bk$/);
    expect(await projects(base, `Platform ${Buffer.from('given-key:given-secret').toString('base64')}`)).toMatchObject([
      { name: 'blueking' },
    ]);
    expect((await fetch(`${await url(registry)}/health`)).status).toBe(200);
    const text = await end(registry);
    expect(text).toContain(`(strict) and keeps its data in both-${name}\nBK-Repo runs at ${base} (strict)\n`);
    expect(/^KubeSphere 4\.1 runs at http:\S+ \(strict\)$/m.test(text)).toBe(name === 'all');
    expect(text).not.toContain('given-secret');
  });

  test.each([
    ['3.4', '/kapis/openpitrix.io/v1', { items: [], total_count: 0 }],
    ['4.1', '/kapis/application.kubesphere.io/v2', { items: null, totalItems: 0 }],
  ])('kubesphere speaks KubeSphere %s alone', async (version, root, empty) => {
    const named = ['--kubesphere-version', version, '--kubesphere-workspaces', 'one,two'];
    const registry = start('--backend', 'kubesphere', ...named, '--data', `kubesphere-${version}`);
    const base = await registry.line(/^KubeSphere \S+ runs at (http:\S+)/m);
    const headers = { authorization: `Basic ${Buffer.from('admin:P@88w0rd').toString('base64')}` };
    expect(await (await fetch(`${base}${root}/workspaces/two/repos`, { headers })).json()).toEqual(empty);
    expect(await end(registry)).toBe(`KubeSphere ${version} runs at ${base} and keeps its data in kubesphere-${version}

Try in another terminal:
  curl -u admin:P@88w0rd ${base}${root}/workspaces/one/repos
  export KUBESPHERE_ENDPOINT=${base} KUBESPHERE_USERNAME=admin KUBESPHERE_PASSWORD=P@88w0rd
Or in a browser:
  ${base}/ui/

Ctrl-C stops it.

Stopping the registry ...
Stopped. The data stays in kubesphere-${version}.
`);
  });

  test('a KubeSphere of the other generation says that it does not show what is there', async () => {
    const begin = async (version: string): Promise<readonly [RunningCommand, string]> => {
      const registry = start('--backend', 'kubesphere', '--kubesphere-version', version, '--data', 'generations');
      return [registry, await registry.line(/^KubeSphere \S+ runs at (http:\S+)/m)];
    };
    const charts = await startCharts();
    const [first, base] = await begin('4.1');
    const headers = {
      authorization: `Basic ${Buffer.from('admin:P@88w0rd').toString('base64')}`,
      'content-type': 'application/json',
    };
    const repo = {
      apiVersion: 'application.kubesphere.io/v2',
      kind: 'Repo',
      metadata: { name: 'kept', labels: { 'kubesphere.io/workspace': 'demo' } },
      spec: { url: `${charts.endpoint}/good`, syncPeriod: 0 },
    };
    const at = `${base}/kapis/application.kubesphere.io/v2/workspaces/demo/repos`;
    const made = await fetch(at, { method: 'POST', headers, body: JSON.stringify(repo) });
    await charts.stop();
    expect([made.status, await end(first)]).toEqual([200, expect.not.stringContaining('Note:')]);
    const note =
      'Note: the data has a repository of KubeSphere 4.1, which this version does not show; only the version they were made with does.';
    expect(await end((await begin('3.4'))[0])).toContain(note);
    expect(await end((await begin('4.1.2'))[0])).not.toContain('Note:');
  });

  test('goes wrong as the faults file says', async () => {
    writeFileSync(join(command.folder, 'bkrepo-faults.json'), JSON.stringify([{ path: '/repository', code: 250115, count: 1 }]));
    const registry = start('--backend', 'bkrepo', '--bkrepo-port', '0', '--data', 'bkrepo-faulty', '--faults', 'bkrepo-faults.json');
    const base = await bkrepo(registry);
    expect([await projects(base), await projects(base)]).toEqual([null, []]);
    await end(registry);
  });

  test('says what to do when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const port = String((other.address() as AddressInfo).port);
    const outcome = await start('--backend', 'all', '--bkrepo-port', port, '--data', 'bkrepo-taken').ended;
    other.close();
    expect(outcome.stderr).toBe(
      `repoform: port ${port} on 127.0.0.1 is in use; stop the program that uses it, or choose another port (--bkrepo-port 0 picks a free one)\n`,
    );
  });

  test('tells clients the URL that others know it by', async () => {
    const there = ['--bkrepo-port', '0', '--bkrepo-prefix', '/bk', '--public-url', 'https://packages.example.com/'];
    const registry = start('--backend', 'bkrepo', '--data', 'bkrepo-public', ...there);
    const text = await registry.line(/^(BK-Repo runs at [^]*Ctrl-C stops it\.)/m);
    expect(text).toMatch(/^BK-Repo runs at http:\/\/127\.0\.0\.1:\d+\/bk, for clients at https:\/\/packages\.example\.com\/bk, and keeps/);
    expect(text).toContain('export BKREPO_ENDPOINT=https://packages.example.com/bk ');
    expect(text).toContain('Or in a browser:\n  https://packages.example.com/bk/ui/\n');
    await end(registry);
  });

  test('warns when others can reach it', async () => {
    const open = ['--data', 'bkrepo-open', '--host', '0.0.0.0'];
    const refused = await start('--backend', 'bkrepo', '--bkrepo-port', '0', ...open).ended;
    expect([refused.code, refused.stderr]).toEqual([
      1,
      'repoform: the registry cannot start: the user "admin" of BK-Repo has the password "password", which everybody knows, and others can reach this address; set another one with --bkrepo-admin-password (REPOFORM_BKREPO_ADMIN_PASSWORD), or add --insecure to let everybody in\n',
    ]);
    const registry = start('--backend', 'bkrepo', '--bkrepo-port', '0', ...open, '--insecure');
    const text = await registry.line(/^(BK-Repo runs at [^]*Ctrl-C stops it\.)/m);
    expect(text).toContain(
      'Note: BK-Repo starts with the user "admin" and the password "password". Change it before others can reach this address.',
    );
    expect(text).not.toContain('ArtifactAPI');
    await end(registry);
  });

  const wrong: readonly [string, readonly string[], RegExp][] = [
    [
      'a backend that is not known',
      ['--backend', 'nexus'],
      /^repoform: [^\n]*Allowed backends are artifactapi, bkrepo, kubesphere and all[^\n]*\n$/,
    ],
    [
      'a version that is not known',
      ['--backend', 'kubesphere', '--kubesphere-version', '5'],
      /^repoform: [^\n]*Allowed choices are 3\.4, 4\.1\.2, 4\.1[^\n]*\n$/,
    ],
    [
      'a workspace that cannot be one',
      ['--backend', 'kubesphere', '--kubesphere-workspaces', 'a,B'],
      /^repoform: [^\n]*up to 63 lower-case letters[^\n]*\n$/,
    ],
    [
      'a prefix that is no path',
      ['--backend', 'bkrepo', '--bkrepo-prefix', 'bk'],
      /^repoform: the prefix "bk" is not a path; write one like \/bkrepo\n$/,
    ],
    [
      'a version of KubeSphere without KubeSphere',
      ['--kubesphere-version', '3.4'],
      /^repoform: --kubesphere-version is for the backend kubesphere, which is not served; add "--backend kubesphere", or "--backend all"[^\n]*\n$/,
    ],
    [
      'projects of BK-Repo without BK-Repo',
      ['--backend', 'kubesphere', '--seed'],
      /^repoform: --seed is for the backend bkrepo, which is not served; [^\n]*\n$/,
    ],
    [
      'half a pair of keys',
      ['--backend', 'bkrepo', '--bkrepo-access-key', 'a'],
      /^repoform: the access key and the secret key of BK-Repo belong together[^\n]*\n$/,
    ],
  ];
  test.each(wrong)('says what is wrong with %s', async (_what, args, expected) => {
    const { code, stderr } = await start(...args, '--data', 'wrong').ended;
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(expected);
  });
});
