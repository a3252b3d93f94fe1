import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Testing, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalDocker, RemoteDocker, Virtual } from '../../constructs/artifactapi';
import { describeImage, image, imageAt } from '../registry/formats/docker-image';
import { addRemote, addVirtual, afterwards, registry, tarball, tempFolder } from '../registry/helpers';
import { clientPath } from './support';

/** The registry that crane brings, on a free port, as somebody else's. */
export async function craneRegistry(): Promise<string> {
  const child = spawn(clientPath('crane') ?? 'crane', ['registry', 'serve', '--address', '127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  afterwards(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  for await (const line of createInterface(child.stderr)) {
    const [, port] = /serving on port (\d+)/.exec(line) ?? [];
    if (port === undefined) continue;
    child.stderr.resume();
    return `http://127.0.0.1:${port}`;
  }
  throw new Error('crane registry serve ended');
}

/** A local, a remote of somebody else's registry, and a virtual of both; `host` is theirs for clients. */
export async function dockerRepositories(remote: Record<string, unknown> = {}) {
  const open = await craneRegistry();
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'docker', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'docker', base_url: open, mutable_ttl: 0, ...remote });
  await addVirtual(url, { name: 'v', package_type: 'docker', members: ['l', 'r'] });
  return { url, open, host: new URL(url).host, home: containersHome(configurations(url)) };
}

/** What their constructs give to podman, skopeo and buildah. */
function configurations(endpoint: string): string[] {
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint });
  const repositories = [
    new LocalDocker(stack, 'local', { name: 'l' }),
    new RemoteDocker(stack, 'remote', { name: 'r', baseUrl: 'https://registry.example.com' }),
    new Virtual(stack, 'virtual', { name: 'v', packageType: 'docker', members: ['l', 'r'] }),
  ];
  return repositories.map((repository) => repository.clientConfig({ format: 'registries_conf' }));
}

/** A home folder with these configurations and none of the machine's. */
export function containersHome(texts: readonly string[]): string {
  const home = tempFolder();
  const folder = join(home, '.config', 'containers');
  mkdirSync(join(folder, 'registries.conf.d'), { recursive: true });
  writeFileSync(join(folder, 'registries.conf'), '');
  writeFileSync(join(folder, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  texts.forEach((text, index) => writeFileSync(join(folder, 'registries.conf.d', `${index}.conf`), text));
  return home;
}

/** Pushes an index of two platforms; the answer is what it and its images are. */
export async function pushIndex(place: string, tag: string) {
  const at = imageAt(place);
  const images = ['amd64', 'arm64'].map((architecture) => ({
    architecture,
    ...image(tarball({ 'architecture.txt': `${architecture} ${tag}` })),
  }));
  for (const each of images) expect((await at.push(each.digest, each)).status).toBe(201);
  const manifests = images.map(({ architecture, manifest }) => ({ ...describeImage(manifest), platform: { os: 'linux', architecture } }));
  const index = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests });
  expect((await at.manifest(tag, index, 'application/vnd.oci.image.index.v1+json')).status).toBe(201);
  return { index, images };
}
