import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const NOBODY = 65534;
const USER = 'registry';
/** The file that tells the keeper of a server to wait before it starts it again. */
const AWAY = 'away';

/** A running PostgreSQL server. */
export interface PostgresServer {
  readonly port: number;
  /** Its own process. */
  readonly pid: number;
  /** Where its data is, and marks for its keeper. */
  readonly folder: string;
}

/** Where PostgreSQL's programs are; undefined where there are none. */
export function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')));
}

/** The URL of a database for a data folder: a schema of its own on the server of this process. */
export async function databaseOf(folder: string): Promise<string> {
  const { port } = await sharedServer();
  const schema = `s${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
  await onServer(port, (client) => client.query(`create schema if not exists ${schema}`));
  return urlOf(port, schema);
}

/** The URL of a schema. */
export function urlOf(port: number, schema = 'public'): string {
  return `postgresql://${USER}@127.0.0.1:${port}/postgres?options=${encodeURIComponent(`-c search_path=${schema}`)}`;
}

/** Runs steps with a connection to a server. */
export async function onServer<T>(port: number, steps: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ host: '127.0.0.1', port, user: USER, database: 'postgres' });
  await client.connect();
  try {
    return await steps(client);
  } finally {
    await client.end();
  }
}

let shared: Promise<PostgresServer> | undefined;

/** The server of this process, which ends with it; test files that run in one process after another share it. */
function sharedServer(): Promise<PostgresServer> {
  const folder = join(tmpdir(), `repoform-postgres-${process.pid}`);
  const known = join(folder, 'server.json');
  return (shared ??= existsSync(known)
    ? Promise.resolve(JSON.parse(readFileSync(known, 'utf8')) as PostgresServer)
    : startPostgres(folder).then((server) => {
        writeFileSync(known, JSON.stringify(server));
        return server;
      }));
}

/** Starts a server with its data in a folder, under another user if this one is root; it ends when this process does, and the folder with it. */
export async function startPostgres(folder: string, more: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is missing; run .ci/clients');
  mkdirSync(folder, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const as = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : ['env'];
  const [run = '', ...before] = as;
  const data = join(folder, 'data');
  // Texts are sorted as people do, which tests would otherwise never see; before version 15, only where the machine has such a locale.
  const hasIcu = Number(basename(dirname(programs))) >= 15;
  const locale = ['--encoding=UTF8', '--locale=C', ...(hasIcu ? ['--locale-provider=icu', '--icu-locale=en'] : [])];
  const quick = ['--no-sync', '--auth=trust', `--username=${USER}`];
  execFileSync(run, [...before, join(programs, 'initdb'), '-D', data, ...quick, ...locale], { stdio: 'pipe', cwd: '/' });
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, max_connections: 200, fsync: 'off' };
  const args = Object.entries({ ...settings, full_page_writes: 'off', synchronous_commit: 'off', ...more }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const keeper = `while :; do
      "$@" & server=$!; echo $server > ${folder}/pid
      while kill -0 ${process.pid} 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 0.3; done
      kill -QUIT $server 2>/dev/null; wait $server
      [ -e ${folder}/${AWAY} ] || break
      while [ -e ${folder}/${AWAY} ] && kill -0 ${process.pid} 2>/dev/null; do sleep 0.1; done
    done; rm -rf ${folder}`;
  const program = [...as, join(programs, 'postgres'), '-D', data, ...args];
  spawn('sh', ['-c', keeper, 'sh', ...program], { detached: true, stdio: 'ignore', cwd: '/' }).unref();
  // A busy machine takes its time.
  for (const end = Date.now() + 60_000; ;) {
    try {
      await onServer(port, (client) => client.query('select 1'));
      return { port, folder, pid: Number(readFileSync(join(folder, 'pid'), 'utf8')) };
    } catch (cause) {
      if (Date.now() > end) throw cause;
      await sleep(50);
    }
  }
}

/** Stops a server until the answer is called: it refuses connections, or keeps them and answers nothing. */
export function takeAway({ folder }: PostgresServer, how: 'refuses' | 'hangs'): () => void {
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  if (how === 'refuses') {
    writeFileSync(join(folder, AWAY), '');
    process.kill(pid, 'SIGINT');
    return () => rmSync(join(folder, AWAY));
  }
  const all = [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)];
  for (const each of all) process.kill(each, 'SIGSTOP');
  return () => {
    for (const each of all) process.kill(each, 'SIGCONT');
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Describes what is to hold on PostgreSQL, which all tests within use; says so where it is missing, and fails in CI, which installs it. */
export function describePostgres(tests: () => void): void {
  const isThere = postgresPrograms() !== undefined;
  if (!isThere && process.env['REPOFORM_CLIENTS'] === 'required') throw new Error('PostgreSQL is missing; run .ci/clients');
  const describing = isThere ? describe : describe.skip;
  describing(isThere ? 'PostgreSQL' : 'PostgreSQL (not installed here; .ci/clients installs it)', () => {
    const before = process.env['REPOFORM_TEST_DATABASE'];
    const choose = (database: string | undefined) => {
      if (database === undefined) delete process.env['REPOFORM_TEST_DATABASE'];
      else process.env['REPOFORM_TEST_DATABASE'] = database;
    };
    beforeAll(() => choose('postgresql'));
    afterAll(() => choose(before));
    // Which tests there are is decided now, by the same variable.
    choose('postgresql');
    try {
      tests();
    } finally {
      choose(before);
    }
  });
}

/** The tests of other files, by their paths without the ending, each in a group of its own. */
export function everyTestOf(folder: string, names: readonly string[]): void {
  for (const name of names) describe(name, () => void jest.requireActual(join(folder, `${name}.test`)));
}
