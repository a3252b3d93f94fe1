import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, nginxProgram } from '../../scripts/bench/registry/programs';
import { root } from '../../scripts/bench/workspace';
import { sha256 } from './bkrepo/artifacts/support';
import { afterwards, call, tempFolder } from './helpers';
import { databaseOf, onServer } from './postgres';
import { KEYS, type S3Server } from './store/s3-server';

const PROGRAM = join(root, 'dist/repoform.js');
const BUCKET = 'artifacts';

/** A process of the registry as it is shipped, always on one port. */
export class Replica {
  #child: ChildProcess | undefined;

  constructor(
    private readonly port: number,
    readonly data: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = [PROGRAM, 'registry', '--port', String(this.port), '--data', this.data];
    this.#child = spawn(process.execPath, args, { env: this.#environment, stdio: ['ignore', 'ignore', 'inherit'] });
    while (this.#child.exitCode === null && !(await call('GET', `${this.url}/readyz`).catch(() => undefined))) await sleep(50);
    expect(this.#child.exitCode).toBe(null);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** What a check that reads everything says, of problems as well. */
  check(): Promise<string> {
    return new Promise((resolve) => {
      const args = [PROGRAM, 'registry', 'fsck', '--deep', '--data', this.data];
      execFile(process.execPath, args, { env: this.#environment }, (_failure, stdout, stderr) => resolve(stderr + stdout));
    });
  }

  get #environment() {
    return { PATH: process.env['PATH'], ...this.env };
  }
}

/** Two processes on one database behind nginx. */
export class Replicas {
  private constructor(
    readonly all: readonly [Replica, Replica],
    /** Where clients reach one of them. */
    readonly front: string,
    /** Their database, and a folder whose files are the blobs, each with its hash at the beginning of its name. */
    private readonly kept: { readonly database: string; readonly blobs: string },
  ) {}

  /** Starts them on a folder, or on a bucket of a server and a folder each. */
  static async start(server?: S3Server): Promise<Replicas> {
    const folder = tempFolder();
    const database = await databaseOf(folder);
    const bucket = server && {
      MINIO_ENDPOINT: server.endpoint,
      MINIO_ACCESS_KEY: KEYS.accessKey,
      MINIO_SECRET_KEY: KEYS.secretKey.reveal(),
      MINIO_BUCKET: BUCKET,
      REPOFORM_S3_CREATE_BUCKET: 'true',
    };
    const env = { DATABASE_URL: database, ...bucket };
    const all = [new Replica(await freePort(), folder, env), new Replica(await freePort(), server ? tempFolder() : folder, env)] as const;
    for (const replica of all) afterwards(() => replica.kill());
    await Promise.all(all.map((replica) => replica.start()));
    const guide = readFileSync(join(root, 'docs/guides/registry.md'), 'utf8');
    const [, blocks = ''] = /## Several processes.*?```nginx\n(.*?)```/s.exec(guide) ?? [];
    const nginx = await nginxProgram(join(tempFolder(), 'nginx'), (port) =>
      blocks
        .replace('10.0.0.1:8000', new URL(all[0].url).host)
        .replace('10.0.0.2:8000', new URL(all[1].url).host)
        .replace('listen 80', `listen 127.0.0.1:${port}`),
    );
    afterwards(() => nginx.stop());
    return new Replicas(all, nginx.url, { database, blobs: server ? server.path(BUCKET, '') : join(folder, 'blobs') });
  }

  /** The rows of a query on their database; `$` is the schema. */
  async rows<T extends object>(query: string): Promise<T[]> {
    const schema = /search_path%3D(\w+)/.exec(this.kept.database)?.[1] ?? '';
    const { rows } = await onServer(Number(new URL(this.kept.database).port), (client) => client.query<T>(query.replaceAll('$', schema)));
    return rows;
  }

  /** Every blob has the content of its name, and every row its blob; only those that were being written may lack a row. */
  async expectWhole(): Promise<void> {
    const hashes = readdirSync(this.kept.blobs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /^[0-9a-f]{64}/.test(entry.name))
      .map(({ parentPath, name }) => [name.slice(0, 64), sha256(readFileSync(join(parentPath, name)))] as const);
    for (const [name, hash] of hashes) expect(hash).toBe(name);
    const there = new Set(hashes.map(([name]) => name));
    const rows = await this.rows<{ hash: string }>(
      `select hash from $.local_files union select hash from $.artifacts union select hash from $.upload_parts`,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ hash }) => !there.has(hash))).toEqual([]);
    expect(await this.all[0].check()).toMatch(/^Checked \d+ files, [^:]*: 0 problems\.\n$/);
  }
}
