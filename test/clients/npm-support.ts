import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { Testing, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalNpm, RemoteNpm, Virtual } from '../../constructs/artifactapi';
import { addRepository, bkRepo } from '../registry/bkrepo/artifacts/support';
import { addRemote, addVirtual, registry, tarball, upstream } from '../registry/helpers';

/** A local, a remote and a virtual of both, with the configurations that their constructs give. */
export async function npmRepositories() {
  const { url } = await registry();
  const open = await publicRegistry();
  await addRemote(url, { name: 'l', package_type: 'npm', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'npm', base_url: open.url });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['l', 'r'] });
  return { url, open, npmrc: configurations(url, 'npmrc'), yarnrc: configurations(url, 'yarnrc') };
}

function configurations(endpoint: string, format: 'npmrc' | 'yarnrc') {
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint });
  const local = new LocalNpm(stack, 'local', { name: 'l' });
  const remote = new RemoteNpm(stack, 'remote', { name: 'r', baseUrl: 'https://npm.example.com' });
  const virtual = new Virtual(stack, 'virtual', { name: 'v', packageType: 'npm', members: ['l', 'r'] });
  return { local: local.clientConfig({ format }), remote: remote.clientConfig({ format }), virtual: virtual.clientConfig({ format }) };
}

/**
 * A public registry with two packages, one of which has the name of an internal one. It knows something bad of both, and remembers what
 * it was asked about: the names and versions in the bodies of audits.
 */
export async function publicRegistry() {
  const archives: Record<string, Buffer> = {};
  const audited: unknown[] = [];
  const answerTo = (path: string, host: string | undefined): unknown => {
    if (path === '-/v1/search') {
      const found = ['@acme/core', 'public-pad'].map((name) => ({
        package: { name, version: '1.0.0', description: 'of the public', maintainers: [] },
      }));
      return { objects: found, total: 2, time: '' };
    }
    if (path !== '@acme/core' && path !== 'public-pad') return undefined;
    const versions = ['1.0.0', '9.9.9'].map((version) => {
      const manifest = { name: path, version, description: 'of the public' };
      const file = `${path}/-/${path.replace(/.*\//, '')}-${version}.tgz`;
      archives[file] = tarball({ 'package/package.json': JSON.stringify(manifest) });
      const integrity = `sha512-${createHash('sha512').update(archives[file]).digest('base64')}`;
      return [version, { ...manifest, dist: { tarball: `http://${host}/${file}`, integrity } }] as const;
    });
    const time = Object.fromEntries(['created', 'modified', '1.0.0', '9.9.9'].map((each) => [each, '2020-01-01T00:00:00.000Z']));
    return { name: path, 'dist-tags': { latest: '1.0.0' }, versions: Object.fromEntries(versions), time };
  };
  const server = await upstream((request, response) => {
    const path = decodeURIComponent(String(request.url)).slice(1).replace(/\?.*/, '');
    if (archives[path]) return void response.end(archives[path]);
    response.setHeader('content-type', 'application/json');
    if (request.method === 'POST') {
      return void buffer(request).then((body) => {
        const asked = JSON.parse(String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body)) as object;
        audited.push(asked);
        const bad = { id: 1, url: 'https://example.com/1', title: 'bad', severity: 'high', vulnerable_versions: '<2' };
        response.end(JSON.stringify(Object.fromEntries(Object.keys(asked).map((name) => [name, [bad]]))));
      });
    }
    const json = answerTo(path, request.headers.host);
    response.writeHead(json ? 200 : 404).end(JSON.stringify(json ?? {}));
  });
  return { ...server, audited };
}

/** A local, a remote and a virtual repository of BK-Repo, with the configurations that its users write by hand. */
export async function npmInBkRepo() {
  const admin = await bkRepo();
  const open = await publicRegistry();
  const remote = { type: 'remote', url: open.url, cache: { enabled: true, expiration: -1 } };
  const repositoryList = ['own', 'far'].map((name) => ({ projectId: 'pp', name }));
  await addRepository(admin, { name: 'own', type: 'NPM' });
  await addRepository(admin, { name: 'far', type: 'NPM', category: 'REMOTE', configuration: remote });
  await addRepository(admin, { name: 'all', type: 'NPM', category: 'VIRTUAL', configuration: { type: 'virtual', repositoryList } });
  const at = (name: string) => {
    const url = `${admin.url}/npm/pp/${name}/`;
    return {
      npmrc: `registry=${url}\n${url.replace('http:', '')}:_auth=${btoa('admin:password')}\nalways-auth=true\n`,
      yarnrc: `npmRegistryServer: "${url}"\nnpmAuthIdent: "admin:password"\nnpmAlwaysAuth: true\nunsafeHttpWhitelist: ["127.0.0.1"]\n`,
    };
  };
  return { open, local: at('own'), virtual: at('all') };
}

/** What a package says of itself where it is installed. */
export const installed = (cwd: string, name: string) =>
  JSON.parse(readFileSync(join(cwd, 'node_modules', name, 'package.json'), 'utf8')) as { version: string; description?: string };
