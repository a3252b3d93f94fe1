import { createHash } from 'node:crypto';
import { type Answer, call, tarball } from '../helpers';

/** What a publication says; what differs from the truth is what a test gives. */
export interface Publication {
  readonly name: string;
  readonly version: string;
  readonly manifest?: Record<string, unknown>;
  /** The `package.json` in the tarball. */
  readonly inside?: unknown;
  readonly content?: Buffer;
  readonly tags?: Record<string, string>;
  readonly dist?: Record<string, unknown>;
  readonly attachment?: Record<string, unknown>;
  readonly document?: Record<string, unknown>;
}

/** The document that `npm publish` sends. */
export function publication(given: Publication): Record<string, unknown> {
  const { name, version, inside = { name, version }, tags = { latest: version } } = given;
  const content = given.content ?? tarball({ 'package/package.json': JSON.stringify(inside) });
  const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
  const manifest = { name, version, ...given.manifest, dist: { integrity, tarball: 'http://elsewhere.example.com/x.tgz', ...given.dist } };
  const attachment = {
    content_type: 'application/octet-stream',
    data: content.toString('base64'),
    length: content.length,
    ...given.attachment,
  };
  const attachments = { [`${name}-${version}.tgz`]: attachment };
  return { _id: name, name, 'dist-tags': tags, versions: { [version]: manifest }, _attachments: attachments, ...given.document };
}

/** Publishes into a local. */
export function publish(url: string, given: Publication, local = 'l'): Promise<Answer> {
  return call('PUT', `${url}/api/v1/local/${local}/${given.name.replace('/', '%2f')}`, { body: publication(given) });
}
