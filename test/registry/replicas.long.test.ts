import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, nginxProgram } from '../../scripts/bench/registry/programs';
import { root } from '../../scripts/bench/workspace';
import { clientPath } from '../clients/support';
import { sha256 } from './bkrepo/artifacts/support';
import { wheel } from './formats/python-files';
import { addRemote, afterwards, call, cleanUp, registry, tarball, tempFolder, upstream } from './helpers';
import { databaseOf, describePostgres, onServer } from './postgres';
import { KEYS, S3Server } from './store/s3-server';

afterAll(cleanUp);

const LOAD_MS = 9000;
const KILL_EVERY_MS = 2500;

/** A process of the registry as it is shipped, always on one port. */
class Replica {
  #child: ChildProcess | undefined;

  constructor(
    readonly port: number,
    private readonly data: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  async start(): Promise<void> {
    const args = [join(root, 'dist/repoform.js'), 'registry', '--port', String(this.port), '--data', this.data];
    const env = { PATH: process.env['PATH'], ...this.env };
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    while (this.#child.exitCode === null && !(await call('GET', `http://127.0.0.1:${this.port}/readyz`).catch(() => undefined)))
      await sleep(50);
    expect(this.#child.exitCode).toBe(null);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

describePostgres(() => {
  describe('with a folder that both see', () => twoProcesses(() => Promise.resolve(undefined)));

  const hasServer = clientPath('versitygw') !== undefined || process.env['REPOFORM_CLIENTS'] === 'required';
  (hasServer ? describe : describe.skip)('with a bucket and a folder each', () =>
    twoProcesses(async () => {
      const server = await S3Server.start();
      afterwards(() => server.stop());
      const [accessKey, secretKey] = [KEYS.accessKey, KEYS.secretKey.reveal()];
      return { MINIO_ENDPOINT: server.endpoint, MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey, MINIO_BUCKET: 'artifacts' };
    }),
  );
  test('a file that one process fetches too slowly to wait for is fetched by the other as well', async () => {
    const files = await upstream((request, response) => {
      response.write('begun ');
      if (files.requests.length > 1) response.end('and ended');
    });
    const shared = tempFolder();
    const databaseUrl = await databaseOf(shared);
    const [{ url: one }, { url: other }] = [await registry({ data: shared, databaseUrl }), await registry({ data: shared, databaseUrl })];
    await addRemote(one, { name: 'slow', base_url: files.url });
    const held = await fetch(`${one}/api/v1/remote/slow/x`);
    const start = performance.now();
    expect((await call('GET', `${other}/api/v1/remote/slow/x`)).text).toBe('begun and ended');
    expect(performance.now() - start).toBeGreaterThan(9000);
    await held.body?.cancel();
  }, 30_000);
});

function twoProcesses(bucket: () => Promise<Readonly<Record<string, string>> | undefined>) {
  let replicas: Replica[] = [];
  let front = '';
  let data: string | undefined;
  let database = '';

  beforeAll(async () => {
    const folder = tempFolder();
    database = await databaseOf(folder);
    const s3 = await bucket();
    const env = { DATABASE_URL: database, ...(s3 && { ...s3, REPOFORM_S3_CREATE_BUCKET: 'true' }) };
    data = s3 ? undefined : folder;
    replicas = [new Replica(await freePort(), folder, env), new Replica(await freePort(), s3 ? tempFolder() : folder, env)];
    for (const replica of replicas) afterwards(() => replica.kill());
    await Promise.all(replicas.map((replica) => replica.start()));
    const [, blocks = ''] =
      /## Several processes.*?```nginx\n(.*?)```/s.exec(readFileSync(join(root, 'docs/guides/registry.md'), 'utf8')) ?? [];
    const nginx = await nginxProgram(join(tempFolder(), 'nginx'), (port) =>
      blocks
        .replace('10.0.0.1:8000', `127.0.0.1:${replicas[0]?.port}`)
        .replace('10.0.0.2:8000', `127.0.0.1:${replicas[1]?.port}`)
        .replace('listen 80', `listen 127.0.0.1:${port}`),
    );
    afterwards(() => nginx.stop());
    front = nginx.url;
  }, 60_000);

  test('an upstream that fails takes no process out of use', async () => {
    const down = await upstream((_request, response) => void response.writeHead(503).end());
    await addRemote(front, { name: 'down', base_url: down.url });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_each, n) => {
        const { status } = await call('GET', `${front}/api/v1/remote/down/${n}`);
        return [[502, 503].includes(status), (await call('GET', `${front}/api/v2/remotes/down`)).status];
      }),
    );
    expect(new Set(answers.map(String))).toEqual(new Set(['true,200']));
  });

  test('what clients were told is stored is there, and nothing else is served, whichever process is killed while they work', async () => {
    const python = await wheel({ name: 'demo', version: '1.0' });
    const requests: Record<string, number> = {};
    const open = await upstream((request, response) => {
      const path = String(request.url);
      requests[path] = (requests[path] ?? 0) + 1;
      if (path.startsWith('/files/')) return void setTimeout(() => response.end(contentOf(path)), 20);
      if (path === '/simple/demo/')
        return void response
          .setHeader('content-type', 'text/html')
          .end(`<!DOCTYPE html><a href="/packages/${python.file}#sha256=${sha256(python.content)}">${python.file}</a>`);
      response.end(path === `/packages/${python.file}` ? python.content : undefined);
    });
    await addRemote(front, { name: 'files', base_url: open.url });
    await addRemote(front, { name: 'pypi', package_type: 'pypi', base_url: open.url });
    for (const [name, type] of [
      ['generic', 'generic'],
      ['npm', 'npm'],
      ['images', 'docker'],
    ])
      await addRemote(front, { name, package_type: type, repo_type: 'local' });

    const done: Record<string, string[]> = { curl: [], cached: [], npm: [], pip: [], crane: [] };
    const end = Date.now() + LOAD_MS;
    const work = async (kind: string, once: (n: number) => Promise<string>) => {
      for (let n = 0; Date.now() < end; n++) {
        const outcome = await once(n).catch(() => undefined);
        if (outcome === undefined) await sleep(100);
        else done[kind]?.push(outcome);
      }
    };
    const killer = async () => {
      for (let n = 0; Date.now() + KILL_EVERY_MS < end; n++) {
        await sleep(KILL_EVERY_MS);
        await replicas[n % 2]?.kill();
        await sleep(500);
        await replicas[n % 2]?.start();
      }
    };
    const clients: Record<string, readonly ((n: number) => Promise<string>)[]> = {
      curl: [0, 1, 2].map((worker) => (n: number) => curl(`file-${worker}-${n}`)),
      cached: Array<typeof cachedAt>(4).fill(cachedAt),
      npm: [npm],
      ...(clientPath('pip') && { pip: [() => pip(python.file)] }),
      ...(clientPath('crane') && { crane: [crane] }),
    };
    await Promise.all([killer(), ...Object.entries(clients).flatMap(([kind, all]) => all.map((once) => work(kind, once)))]);

    // Of a stampede across both processes, only one asks; what was killed in between is asked for again.
    expect(Math.max(...Object.keys(requests).map((path) => requests[path] ?? 0))).toBeLessThanOrEqual(2 + LOAD_MS / KILL_EVERY_MS);
    for (const [kind, { length }] of Object.entries(done)) if (kind in clients) expect([kind, length > 0]).toEqual([kind, true]);
    for (const { port } of replicas)
      for (const path of done['curl']!)
        expect([path, (await call('GET', `http://127.0.0.1:${port}/api/v1/local/generic/${path}`)).text]).toEqual([path, contentOf(path)]);
    for (const version of done['npm']!)
      expect((await call('GET', `${front}/api/v1/local/npm/made/-/made-${version}.tgz`)).status).toBe(200);
    if (clients['crane']) await run('crane', ['validate', '--remote', done['crane']!.at(-1)!]);
    for (const path of new Set(done['cached']))
      for (const { port } of replicas)
        expect([path, (await call('GET', `http://127.0.0.1:${port}/api/v1/remote/files${path}`)).text]).toEqual([path, contentOf(path)]);
    await expectWhole();
  }, 120_000);

  /** Every blob has the content of its name, and every row its blob; only those that were being written may lack a row. */
  async function expectWhole() {
    if (data === undefined) return;
    const hashes = readdirSync(join(data, 'blobs'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [name, sha256(readFileSync(join(parentPath, name)))] as const);
    for (const [name, hash] of hashes) expect(hash).toBe(name);
    const there = new Set(hashes.map(([name]) => name));
    const schema = /search_path%3D(\w+)/.exec(database)?.[1];
    const { rows } = await onServer(Number(new URL(database).port), (client) =>
      client.query<{ hash: string }>(
        `select hash from ${schema}.local_files union select hash from ${schema}.artifacts union select hash from ${schema}.upload_parts`,
      ),
    );
    expect(rows.filter(({ hash }) => !there.has(hash))).toEqual([]);
  }

  async function curl(path: string): Promise<string> {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, contentOf(path));
    await run('curl', ['-fsS', '-T', file, `${front}/api/v2/remotes/generic/files/${path}`]);
    return path;
  }

  async function cachedAt(n: number): Promise<string> {
    const path = `/files/${n % 50}`;
    const answer = await call('GET', `${front}/api/v1/remote/files${path}`);
    if (answer.status !== 200) throw new Error(answer.text);
    expect(answer.text).toBe(contentOf(path));
    return path;
  }

  async function npm(n: number): Promise<string> {
    const cwd = tempFolder();
    const version = `1.0.${n}`;
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'made', version }));
    writeFileSync(
      join(cwd, '.npmrc'),
      `registry=${front}/api/v1/local/npm/\n${front.replace('http:', '')}/api/v1/local/npm/:_authToken=x\n`,
    );
    const env = { HOME: cwd, npm_config_cache: join(cwd, 'cache'), npm_config_update_notifier: 'false' };
    await run('npm', ['publish'], { cwd, env });
    const user = join(cwd, 'user');
    mkdirSync(user);
    writeFileSync(join(user, 'package.json'), JSON.stringify({ name: 'user', version: '1.0.0' }));
    writeFileSync(join(user, '.npmrc'), readFileSync(join(cwd, '.npmrc')));
    // It is published, whether or not it can be installed while a process is killed.
    await run('npm', ['install', `made@${version}`], { cwd: user, env }).catch(() => undefined);
    return version;
  }

  async function pip(file: string): Promise<string> {
    const folder = tempFolder();
    const args = ['download', '-q', '--no-deps', '--no-cache-dir', '--disable-pip-version-check', '-d', folder];
    await run('pip', [...args, '--index-url', `${front}/api/v1/remote/pypi/simple/`, 'demo'], { env: { HOME: folder } });
    return file;
  }

  async function crane(n: number): Promise<string> {
    const layer = join(tempFolder(), 'layer.tar');
    writeFileSync(layer, tarball({ file: randomBytes(1000).toString('hex') }));
    const image = `${new URL(front).host}/images/app:${n}`;
    await run('crane', ['append', '-f', layer, '-t', image, '--insecure']);
    return image;
  }
}

/** Some content that a path stands for, of many sizes. */
function contentOf(path: string): string {
  const hash = sha256(path);
  return hash.repeat(1 + (parseInt(hash.slice(0, 4), 16) % 3000));
}

async function run(client: string, args: readonly string[], { cwd, env }: { cwd?: string; env?: Record<string, string> } = {}) {
  const { PATH = '' } = process.env;
  await promisify(execFile)(clientPath(client) ?? client, args, { cwd, env: { PATH, ...env } });
}
