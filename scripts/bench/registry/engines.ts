import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { TABLES } from '../../../src/registry/server';
import { readS3, type S3Settings } from '../../../src/registry/store/s3/settings';
import { openStore, type Store } from '../../../src/registry/store/store';
import { onServer, postgresPrograms, startPostgres, urlOf } from '../../../test/registry/postgres';
import { clientPath } from '../../../test/clients/support';
import { freePort, type Program, programOf, reachable, registryProgram } from './programs';

/** An S3 server. */
export interface S3Program extends Program {
  /** The variables by which the registry reaches a bucket of it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts versitygw with its files in a folder; undefined where it is not installed. */
export async function s3Program(folder: string): Promise<S3Program | undefined> {
  const command = clientPath('versitygw');
  if (command === undefined) return undefined;
  for (const each of ['buckets', 'metadata', 'nothing']) mkdirSync(join(folder, each), { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const options = ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', '--health', '/health'];
  const backend = ['posix', '--sidecar', join(folder, 'metadata'), join(folder, 'buckets')];
  const keys = { ROOT_ACCESS_KEY: 'bench', ROOT_SECRET_KEY: 'bench-secret' };
  const child = spawn(command, [...options, ...backend], { cwd: join(folder, 'nothing'), env: keys, stdio: 'ignore' });
  await reachable(child, 'versitygw', `${url}/health`);
  const access = { MINIO_ACCESS_KEY: keys.ROOT_ACCESS_KEY, MINIO_SECRET_KEY: keys.ROOT_SECRET_KEY };
  const environment = { ...access, MINIO_ENDPOINT: url, MINIO_BUCKET: 'bench', REPOFORM_S3_CREATE_BUCKET: 'true' };
  return { ...programOf(child, url), environment };
}

/** Where the registry keeps its tables. */
export interface Engine {
  readonly name: string;
  /** Starts the registry with its data in a folder. */
  program(folder: string, options?: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Program>;
  /** Opens its store, while it does not run; with its blobs in a bucket, if one is given. */
  store(folder: string, s3?: S3Settings): Promise<Store>;
  /** The bucket of its blobs. @default - they are in the folder */
  readonly s3?: S3Settings | undefined;
  /** The variables by which commands of the registry reach it. @default - they need none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Does what the engine does by itself some time after many rows were added. @default - nothing */
  settle?(): Promise<unknown>;
}

/** SQLite in the data folder. */
export const sqlite: Engine = {
  name: 'SQLite',
  program: registryProgram,
  store: (folder, s3) => openStore(folder, TABLES, { s3 }),
};

/** An engine whose blobs are in the bucket of an S3 server. */
export function inBucket(engine: Engine, { environment }: S3Program): Engine {
  const { MINIO_BUCKET: bucket, MINIO_ENDPOINT: endpoint } = environment;
  const s3 = readS3({ bucket, endpoint, create: true }, environment);
  return {
    ...engine,
    name: `${engine.name} and S3`,
    s3,
    environment: { ...engine.environment, ...environment },
    program: (folder, options, more) => engine.program(folder, options, { ...environment, ...more }),
    store: (folder) => engine.store(folder, s3),
  };
}

/** A PostgreSQL server of its own, which ends with this process; undefined where it is not installed. */
export async function postgresql(): Promise<(Engine & { readonly pid: number }) | undefined> {
  if (postgresPrograms() === undefined) return undefined;
  // Its user may not look into folders of this one.
  const { port, pid } = await startPostgres(mkdtempSync(join(tmpdir(), 'repoform-bench-')));
  const url = urlOf(port);
  return {
    name: 'PostgreSQL',
    pid,
    environment: { DATABASE_URL: url },
    settle: () => onServer(port, (client) => client.query('vacuum analyze')),
    program: (data, options, environment) => registryProgram(data, options, { ...environment, DATABASE_URL: url }),
    store: (data, s3) => openStore(data, TABLES, { database: readDatabase(url, {}), s3 }),
  };
}
