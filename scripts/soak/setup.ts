import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { startPostgres, urlOf } from '../../test/registry/postgres';
import { KEYS, S3Server } from '../../test/registry/store/s3-server';
import { freePort, nginxProgram, type Program } from '../bench/registry/programs';
import { root } from '../bench/workspace';
import { Ledger } from './ledger';
import { Replica, type ReplicaOptions } from './replica';

/** How a registry is run: one process with SQLite and a folder; two with PostgreSQL and a folder, or a bucket. */
export const SETUPS = ['single', 'replicas', 'bucket'] as const;
export type SetupName = (typeof SETUPS)[number];

/** Little room and short times, so that what happens in a week happens in minutes. */
const ARGS = ['--cache-size', '20MB', '--clean-every', '7s', '--orphan-age', '25s', '--breaker-pause', '1', '--log-format', 'json'];

/** A registry that is run in some way. */
export class Setup {
  readonly ledger: Ledger;
  /** Where clients reach it. */
  urls = { artifactapi: '', bkrepo: '', kubesphere: '' };
  readonly replicas: Replica[] = [];
  #front: Program | undefined;
  #bucket: S3Server | undefined;

  private constructor(
    readonly name: SetupName,
    readonly folder: string,
  ) {
    this.ledger = new Ledger(name);
  }

  static async start(name: SetupName, folder: string): Promise<Setup> {
    mkdirSync(folder, { recursive: true });
    const setup = new Setup(name, folder);
    await setup.#prepare();
    await Promise.all(setup.replicas.map((replica) => replica.start()));
    if (name !== 'single') await setup.#startFront();
    return setup;
  }

  /** The process whose memory is measured; it is killed only at first. */
  get survivor(): Replica {
    return this.replicas[0] as Replica;
  }

  /** The URLs at each of its processes for one at which clients reach any of them. */
  atEach(url: string): { readonly replica: Replica; readonly url: string }[] {
    const api = url.startsWith(`${this.urls.bkrepo}/`) ? 'bkrepo' : 'artifactapi';
    return this.replicas.map((replica) => ({
      replica,
      url: url.replace(this.urls[api], `http://127.0.0.1:${replica.options.ports[api]}`),
    }));
  }

  /** The files of its data folders, temporary ones, and the keys in its bucket. */
  contents(): string[] {
    const folders = new Set(this.replicas.flatMap((replica) => [replica.options.data, replica.temporary]));
    const files = [...folders].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map(({ parentPath, name }) => relative(this.folder, join(parentPath, name))),
    );
    const keys = this.#bucket?.keys({ bucket: 'artifacts' } as Parameters<S3Server['keys']>[0]) ?? [];
    return [...files, ...keys.map((key) => `bucket: ${key}`)].sort();
  }

  /** Closes the connections of the balancer. */
  async stopFront(): Promise<void> {
    await this.#front?.stop();
    this.#front = undefined;
  }

  /** Ends everything; the answer is the exit codes of the processes. */
  async stop(): Promise<(number | null)[]> {
    await this.stopFront();
    const codes = await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.#bucket?.stop();
    return codes;
  }

  async #prepare(): Promise<void> {
    const [artifactapi, bkrepo, kubesphere] = [await freePort(), await freePort(), await freePort()];
    if (this.name === 'single') {
      this.#add({ name: 'registry', ports: { artifactapi, bkrepo, kubesphere }, env: {}, data: join(this.folder, 'data') });
      const at = (port: number) => `http://127.0.0.1:${port}`;
      this.urls = { artifactapi: at(artifactapi), bkrepo: at(bkrepo), kubesphere: at(kubesphere) };
      return;
    }
    const { port } = await startPostgres(join(this.folder, 'postgres'));
    const database = { DATABASE_URL: urlOf(port) };
    const bucket = this.name === 'bucket' ? await this.#startBucket() : undefined;
    for (const [index, ports] of [
      { artifactapi, bkrepo },
      { artifactapi: await freePort(), bkrepo: await freePort() },
    ].entries()) {
      const data = join(this.folder, bucket ? `data-${index + 1}` : 'data');
      this.#add({ name: `replica ${index + 1}`, ports, env: { ...database, ...bucket }, data });
    }
  }

  #add(options: Pick<ReplicaOptions, 'name' | 'ports' | 'env' | 'data'>): void {
    const { name, data } = options;
    const folder = join(this.folder, name.replace(' ', '-'));
    mkdirSync(data, { recursive: true });
    const isBalanced = this.name !== 'single';
    this.replicas.push(new Replica({ ...options, name: `${this.name}: ${name}`, folder, args: ARGS, isBalanced }, this.ledger));
  }

  async #startBucket(): Promise<Record<string, string>> {
    const server = (this.#bucket = await S3Server.start());
    const keys = { MINIO_ACCESS_KEY: KEYS.accessKey, MINIO_SECRET_KEY: KEYS.secretKey.reveal() };
    return { ...keys, MINIO_ENDPOINT: server.endpoint, MINIO_BUCKET: 'artifacts', REPOFORM_S3_CREATE_BUCKET: 'true' };
  }

  /** Starts nginx as the guide has it, once for each API. */
  async #startFront(): Promise<void> {
    const guide = readFileSync(join(root, 'docs/guides/registry.md'), 'utf8');
    const [, blocks = ''] = /## Several processes.*?```nginx\n(.*?)```/s.exec(guide) ?? [];
    const bkrepo = await freePort();
    const front = await nginxProgram(join(this.folder, 'nginx'), (port) => {
      const server = (api: 'artifactapi' | 'bkrepo', listen: number) =>
        blocks
          .replaceAll(/\bregistry\b/g, api)
          .replace('10.0.0.1:8000', `127.0.0.1:${this.replicas[0]?.options.ports[api]}`)
          .replace('10.0.0.2:8000', `127.0.0.1:${this.replicas[1]?.options.ports[api]}`)
          .replace('listen 80', `listen 127.0.0.1:${listen}`);
      return `error_log ${join(this.folder, 'nginx.log')} error;\n${server('artifactapi', port)}${server('bkrepo', bkrepo)}`;
    });
    this.#front = front;
    this.urls = { artifactapi: front.url, bkrepo: `http://127.0.0.1:${bkrepo}`, kubesphere: '' };
  }
}
