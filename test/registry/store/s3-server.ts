import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../../src/registry/store/secret';
import { type S3Settings } from '../../../src/registry/store/s3/settings';
import { clientPath } from '../../clients/support';

/** The keys of the server's only user. */
export const KEYS = { accessKey: 'test-access-key', secretKey: new Secret('test-secret-key') };

/** An S3 server of its own, which keeps objects as files. */
export class S3Server {
  #process: ChildProcess | undefined;
  #buckets = 0;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Starts one with its files in a folder; it has no buckets. */
  static async start(folder = mkdtempSync(join(tmpdir(), 'repoform-s3-'))): Promise<S3Server> {
    const server = new S3Server(folder, await freePort());
    for (const each of ['buckets', 'metadata', 'nothing']) mkdirSync(join(server.folder, each));
    await server.resume();
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it again with what it had. */
  async resume(): Promise<void> {
    const options = ['--port', `127.0.0.1:${this.port}`, '--quiet', '--keep-alive', '--health', '/health'];
    const backend = ['posix', '--sidecar', join(this.folder, 'metadata'), join(this.folder, 'buckets')];
    this.#process = spawn(clientPath('versitygw') ?? 'versitygw', [...options, ...backend], {
      cwd: join(this.folder, 'nothing'),
      env: { ROOT_ACCESS_KEY: KEYS.accessKey, ROOT_SECRET_KEY: KEYS.secretKey.reveal() },
      stdio: 'ignore',
    });
    for (const end = Date.now() + 60_000; ;) {
      const answer = await fetch(`${this.endpoint}/health`).catch(() => undefined);
      if (answer?.ok) return;
      if (Date.now() > end) throw new Error('the S3 server does not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Lets it answer nothing, with its connections open. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** Lets it go on. */
  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Ends its process; nothing of what it has is lost. */
  async pause(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    await this.pause();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The settings for a bucket that nobody has used, which is created when it is opened. */
  bucket(): S3Settings {
    return { bucket: `bucket-${++this.#buckets}`, prefix: 'blobs/', endpoint: this.endpoint, credentials: KEYS, create: true };
  }

  /** The keys of a bucket's objects, as the server's own files tell. */
  keys({ bucket }: S3Settings): string[] {
    const root = this.path(bucket, '');
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return entries.map(({ name, parentPath }) => join(parentPath, name).slice(root.length)).sort();
  }

  /** The server's own file for an object. */
  path(bucket: string, key: string): string {
    return `${join(this.folder, 'buckets', bucket)}/${key}`;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
