import { createHash, randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { addRemote, type Answer, call, registry, tarball } from '../helpers';

export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const IMAGE = 'application/vnd.oci.image.manifest.v1+json';

export function digestOf(content: string | Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`;
}

/** A descriptor of content. */
export const described = (content: string | Uint8Array, mediaType = 'application/octet-stream') => ({
  mediaType,
  digest: digestOf(content),
  size: content.length,
});

/** A descriptor of the manifest of an image. */
export const describeImage = (manifest: string) => described(manifest, IMAGE);

/** What is pushed as an image: a manifest with a configuration and one layer, which is a gzipped archive. */
export function image(layer: Buffer = tarball({ 'random.txt': randomUUID() }), more: Record<string, unknown> = {}) {
  const diff_ids = [digestOf(gunzipSync(layer))];
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids } });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: IMAGE,
    config: described(config, 'application/vnd.oci.image.config.v1+json'),
    layers: [described(layer, 'application/vnd.oci.image.layer.v1.tar+gzip')],
    ...more,
  });
  return { config, layer, manifest, digest: digestOf(manifest) };
}

/** Requests of the protocol to an image, whose place ends without a slash. */
export function imageAt(place: string, headers: Record<string, string> = {}) {
  const send = (method: string, path: string, extra: { body?: string | Uint8Array; headers?: Record<string, string> } = {}) =>
    call(method, `${place}/${path}`, { ...extra, headers: { ...headers, ...extra.headers } });
  const blob = (content: string | Uint8Array) => send('POST', `blobs/uploads/?digest=${digestOf(content)}`, { body: content });
  const manifest = (reference: string, content: string, type = IMAGE) =>
    send('PUT', `manifests/${reference}`, { body: content, headers: { 'content-type': type } });
  return {
    send,
    blob,
    manifest,
    async push(reference: string, { config, layer, manifest: content }: ReturnType<typeof image> = image()): Promise<Answer> {
      for (const part of [config, layer]) expect((await blob(part)).status).toBe(201);
      return manifest(reference, content);
    },
  };
}

/** The code and the message of an error. */
export function errorOf({ status, json }: Answer) {
  const [error] = (json as { errors: { code: string; message: string }[] }).errors;
  return { status, ...error };
}

/** A repository `l` of images: one of them, and others by the names of their repository and their own. */
export async function local(options: Parameters<typeof registry>[0] = {}) {
  const running = await registry(options);
  const { url } = running;
  await addRemote(url, { name: 'l', package_type: 'docker', repo_type: 'local' });
  return { running, url, app: imageAt(`${url}/v2/l/team/app`), at: (name: string) => imageAt(`${url}/v2/${name}`) };
}
