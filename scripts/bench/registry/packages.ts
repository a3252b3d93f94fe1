import { createHash, randomBytes } from 'node:crypto';
import { type RequestListener } from 'node:http';
import { pack } from 'tar-stream';
import { gzipSync } from 'node:zlib';

/** A package with one version. */
interface Package {
  readonly name: string;
  readonly tarball: Buffer;
  readonly integrity: string;
}

/** Packages that differ in size as real ones do: most are small. */
export async function makePackages(count: number): Promise<Package[]> {
  const making = Array.from({ length: count }, async (_, index) => {
    const name = `bench-${String(index).padStart(3, '0')}`;
    const size = index % 50 === 0 ? 500_000 : index % 10 === 0 ? 100_000 : 5_000 + index * 50;
    const tarball = await tarballOf({ 'package.json': JSON.stringify({ name, version: '1.0.0' }), data: randomBytes(size) });
    return { name, tarball, integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}` };
  });
  return Promise.all(making);
}

async function tarballOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name: `package/${name}` }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks), { level: 1 });
}

/** A registry that has them. */
export function packagesUpstream(packages: readonly Package[]): RequestListener {
  const byName = new Map(packages.map((each) => [each.name, each]));
  return (request, response) => {
    const [, name = '', file] = /^\/([\w-]+)(\/-\/.+\.tgz)?$/.exec(request.url ?? '') ?? [];
    const found = byName.get(name);
    if (!found) return void response.writeHead(404).end('{}');
    response.setHeader('etag', `"${found.integrity.slice(7, 30)}"`);
    if (file) return void response.setHeader('content-type', 'application/octet-stream').end(found.tarball);
    const tarball = `http://${request.headers.host}${tarballPath(name)}`;
    const version = { name, version: '1.0.0', dist: { tarball, integrity: found.integrity } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }));
  };
}

/** A project that depends on all of them, as a lock file has it that was made with a registry. */
export function project(packages: readonly Package[], registry: string): Readonly<Record<string, string>> {
  const dependencies = Object.fromEntries(packages.map(({ name }) => [name, '1.0.0']));
  const manifest = { name: 'bench', version: '1.0.0', dependencies };
  const installed = packages.map(({ name, integrity }) => [
    `node_modules/${name}`,
    { version: '1.0.0', resolved: `${registry}${tarballPath(name)}`, integrity },
  ]);
  const lock = { name: 'bench', version: '1.0.0', lockfileVersion: 3, packages: { '': manifest, ...Object.fromEntries(installed) } };
  return { 'package.json': JSON.stringify(manifest), 'package-lock.json': JSON.stringify(lock) };
}

const tarballPath = (name: string): string => `/${name}/-/${name}-1.0.0.tgz`;
