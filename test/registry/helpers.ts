import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Registry, type RegistryOptions, startRegistry, TABLES } from '../../src/registry/server';
import { PostgresMetadata } from '../../src/registry/store/postgres/metadata';
import { readDatabase } from '../../src/registry/store/postgres/target';
import { openStore, type Store, type StoreOptions } from '../../src/registry/store/store';
import { databaseOf } from './postgres';

const cleanups: (() => Promise<void> | void)[] = [];

/** Stops and removes everything that a test has made, last first. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** Runs a step when the test is over. */
export function afterwards(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-registry-'));
  afterwards(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  return folder;
}

export async function registry(options: Partial<RegistryOptions> = {}): Promise<Registry> {
  const data = options.data ?? tempFolder();
  const database = isOnPostgres() && options.environment?.['DATABASE_URL'] === undefined ? { databaseUrl: await databaseOf(data) } : {};
  // Each request is to reach the upstream, whatever happened to those before.
  const running = await startRegistry({ port: 0, circuit: { failures: 0, pause: 1 }, ...database, ...options, data });
  afterwards(() => running.close());
  return running;
}

/** Opens a store as the registry does; with REPOFORM_TEST_DATABASE=postgresql its metadata is in a database of the folder's own. */
export async function openTestStore(folder: string, options: StoreOptions = {}): Promise<Store> {
  if (!isOnPostgres()) return openStore(folder, TABLES, options);
  const store = await openStore(folder, TABLES, { ...options, database: readDatabase(await databaseOf(folder), {}) });
  afterwards(() => store.close());
  return store;
}

/** Whether these tests run on PostgreSQL. */
export function isOnPostgres(): boolean {
  return process.env['REPOFORM_TEST_DATABASE'] === 'postgresql';
}

/** Sets the clocks of this machine and of the database forward by so many milliseconds, as told at each look, until the answer is called. */
export function setClocks(by: () => number): () => void {
  return bothOf(shifted(Date, by), followed());
}

/** Lets so many milliseconds pass, by all clocks. */
export function passTime(by: () => number): () => void {
  return bothOf(shifted(Date, by), shifted(performance, by), followed());
}

/** The database of tests is on this machine and has its time. */
function followed() {
  return jest.spyOn(PostgresMetadata.prototype, 'now').mockImplementation(() => Date.now());
}

function shifted(clock: { now(): number }, by: () => number) {
  const real = clock.now.bind(clock);
  return jest.spyOn(clock, 'now').mockImplementation(() => real() + by());
}

function bothOf(...spies: readonly { mockRestore(): void }[]): () => void {
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}

/** A test of what only SQLite and a folder have. */
export function testSqlite(...given: Parameters<typeof test>): void {
  // Scripts use what is here, too, where there is no `test`.
  (isOnPostgres() ? test.skip : test)(...given);
}

export interface TestUpstream {
  readonly url: string;
  readonly requests: IncomingMessage[];
  readonly server: Server;
  stop(): Promise<void>;
}

/** A server that remembers what it was asked. */
export async function upstream(listener: RequestListener): Promise<TestUpstream> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  afterwards(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server, stop };
}

export interface Answer {
  readonly status: number;
  /** What follows the status in its line. */
  readonly statusText: string;
  readonly text: string;
  readonly json: unknown;
  /** The reason that an error gives, in whichever form its package type has. */
  readonly reason: string;
  header(name: string): string | null;
}

/** Sends a request; a body that is not a text or bytes goes as JSON. */
export async function call(method: string, url: string, extra: { body?: unknown; headers?: Record<string, string> } = {}): Promise<Answer> {
  const { body } = extra;
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const sent = body === undefined ? undefined : isRaw ? (body as string) : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: extra.headers ?? {},
    ...(sent !== undefined && { body: sent }),
  });
  const text = await response.text();
  return {
    status: response.status,
    statusText: response.statusText,
    text,
    get json() {
      return JSON.parse(text) as unknown;
    },
    get reason() {
      return reasonIn(text);
    },
    header: (name) => response.headers.get(name),
  };
}

function reasonIn(text: string): string {
  if (!text.startsWith('{')) return text;
  const { error, message, errors } = JSON.parse(text) as { error?: string; message?: string; errors?: readonly { message: string }[] };
  return error ?? message ?? errors?.[0]?.message ?? text;
}

/** Creates a remote and fails the test when that fails. */
export async function addRemote(root: string, fields: Record<string, unknown>): Promise<void> {
  const answer = await call('POST', `${root}/api/v2/remotes`, { body: { package_type: 'generic', ...fields } });
  expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
}

/** Creates a virtual and fails the test when that fails. */
export async function addVirtual(root: string, fields: Record<string, unknown>): Promise<void> {
  const answer = await call('POST', `${root}/api/v2/virtuals`, { body: fields });
  expect([answer.status, answer.status === 201 ? '' : answer.text]).toEqual([201, '']);
}

/** A gzipped tar archive. */
export function tarball(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const blocks = Object.entries(files).flatMap(([path, given]) => {
    const content = typeof given === 'string' ? Buffer.from(given) : given;
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write('0000644\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\0' + '00', 257);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    content.copy(body);
    return [header, body];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
