import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clientPath } from '../clients/support';
import { sha256 } from './bkrepo/artifacts/support';
import { tarball, tempFolder } from './helpers';

/** What a client was told is stored. */
export interface Stored {
  readonly name: string;
  /** Throws unless a process has it, byte for byte. */
  expectAt(url: string): Promise<void>;
}

/** Does something for the nth time, at a registry with some URL. */
export type Client = (front: string, n: number) => Promise<Stored>;

/** Something was served as it is not at its source. A client that only fails throws something else. */
export class Wrong extends Error {}

/** Some content that a path stands for, of many sizes. */
export function contentOf(path: string): string {
  const hash = sha256(path);
  return hash.repeat(1 + (parseInt(hash.slice(0, 4), 16) % 3000));
}

/** What a URL has. */
export async function bytesAt(url: string, headers: Record<string, string> = {}): Promise<Buffer> {
  const answer = await fetch(url, { headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status} ${bytes.toString()}`);
  return bytes;
}

async function expectContent(url: string, path: string): Promise<void> {
  const found = (await bytesAt(url)).toString();
  if (found !== contentOf(path)) throw new Wrong(`${url} has ${found.length} bytes of SHA-256 ${sha256(found)}`);
}

/** Uploads files of a worker by curl. */
export const curl =
  (worker: number): Client =>
  async (front, n) => {
    const path = `file-${worker}-${n}`;
    const file = join(tempFolder(), 'file');
    writeFileSync(file, contentOf(path));
    await run('curl', ['-fsS', '-T', file, `${front}/api/v2/remotes/generic/files/${path}`]);
    return { name: path, expectAt: (url) => expectContent(`${url}/api/v1/local/generic/${path}`, path) };
  };

/** Downloads one of fifty files of a remote. */
export const download: Client = async (front, n) => {
  const path = `/files/${n % 50}`;
  const expectAt = (url: string) => expectContent(`${url}/api/v1/remote/files${path}`, path);
  await expectAt(front);
  return { name: path, expectAt };
};

/** Publishes a version by npm, and installs it. */
export const npm: Client = async (front, n) => {
  const cwd = tempFolder();
  const version = `1.0.${n}`;
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'made', version }));
  writeFileSync(join(cwd, 'content'), randomBytes(20_000));
  writeFileSync(join(cwd, '.npmrc'), `registry=${front}/api/v1/local/npm/\n${front.replace('http:', '')}/api/v1/local/npm/:_authToken=x\n`);
  const env = { HOME: cwd, npm_config_cache: join(cwd, 'cache'), npm_config_update_notifier: 'false' };
  const said = await run('npm', ['publish', '--json'], { cwd, env });
  const [, integrity] = /"integrity": "sha512-([^"]+)"/.exec(said) ?? [];
  const user = join(cwd, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), JSON.stringify({ name: 'user', version: '1.0.0' }));
  writeFileSync(join(user, '.npmrc'), readFileSync(join(cwd, '.npmrc')));
  // It is published, whether or not it can be installed while a process is killed.
  await run('npm', ['install', `made@${version}`], { cwd: user, env }).catch((cause: unknown) => {
    if (cause instanceof Wrong) throw cause;
  });
  return {
    name: version,
    async expectAt(url) {
      const archive = await bytesAt(`${url}/api/v1/local/npm/made/-/made-${version}.tgz`);
      expect([version, createHash('sha512').update(archive).digest('base64')]).toEqual([version, integrity]);
    },
  };
};

/** Downloads a wheel of a remote by pip, which compares it with the digest in its index. */
export const pip =
  (file: string, digest: string): Client =>
  async (front) => {
    const folder = tempFolder();
    const args = ['download', '-q', '--no-deps', '--no-cache-dir', '--disable-pip-version-check', '-d', folder];
    await run('pip', [...args, '--index-url', `${front}/api/v1/remote/pypi/simple/`, 'demo'], { env: { HOME: folder } });
    return {
      name: file,
      expectAt: async (url) => expect(sha256(await bytesAt(`${url}/api/v1/remote/pypi/packages/${file}`))).toBe(digest),
    };
  };

/** Pushes an image by crane. */
export const crane: Client = async (front, n) => {
  const layer = join(tempFolder(), 'layer.tar');
  writeFileSync(layer, tarball({ file: randomBytes(1000).toString('hex') }));
  const pushed = await run('crane', ['append', '-f', layer, '-t', `${new URL(front).host}/images/app:${n}`, '--insecure']);
  const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(pushed) ?? [];
  return {
    name: `${n}`,
    async expectAt(url) {
      const accept = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';
      expect([n, `sha256:${sha256(await bytesAt(`${url}/v2/images/app/manifests/${n}`, { accept }))}`]).toEqual([n, digest]);
      await run('crane', ['validate', '--remote', `${new URL(url).host}/images/app@${digest}`, '--insecure']);
    },
  };
};

async function run(client: string, args: readonly string[], { cwd, env }: { cwd?: string; env?: Record<string, string> } = {}) {
  const { PATH = '' } = process.env;
  try {
    return (await promisify(execFile)(clientPath(client) ?? client, args, { cwd, env: { PATH, ...env } })).stdout;
  } catch (cause) {
    const { message } = cause as Error;
    // npm, pip and crane, in this order.
    if (/EINTEGRITY|DO NOT MATCH THE HASHES|error verifying sha256/i.test(message)) throw new Wrong(message);
    throw cause;
  }
}
