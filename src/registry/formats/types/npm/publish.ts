import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { HttpError, reasonOf } from '../../../errors';
import { type FileChanges, type LocalRepository } from '../../repository';
import { type Json, objectOf } from '../../json';
import { readFromTarball } from '../../tar';
import { checkedTag, checkedVersion, tarballPath } from './names';
import { changePackage, newest, type Package } from './package-file';

const PACKAGE_JSON = { matches: (path: string) => /^[^/]+\/package\.json$/i.test(path), limit: 4 << 20 };

/** Publishes the version that a document of a package brings with its tarball; returns the new revision. */
export async function publish(repository: LocalRepository, name: string, document: Json): Promise<string> {
  const { version, manifest, content } = await checked(name, document);
  const blob = await repository.receive(Readable.from([content]));
  const path = tarballPath(name, version);
  const tags = Object.keys(objectOf(document['dist-tags'])).map(checkedTag);
  return changePackage(repository, name, (old) => {
    if (old && Object.hasOwn(old.known.versions, version))
      throw new HttpError(409, `${name}@${version} is already published; a published version cannot be replaced`);
    const next = withVersion(old?.known ?? { name, versions: {}, tags: {}, time: {} }, { version, manifest, tags });
    const metadata = JSON.stringify({ name, version });
    const store = async (files: FileChanges) => {
      if (await files.find(path))
        throw new HttpError(409, `${path} already exists as a file that was not published; delete it, or publish another version`);
      await files.put(path, { blob, contentType: 'application/octet-stream', metadata });
    };
    return { next, files: store };
  });
}

function withVersion(old: Package, added: { version: string; manifest: Json; tags: readonly string[] }): Package {
  const { version, manifest, tags } = added;
  const now = new Date().toISOString();
  const versions = { ...old.versions, [version]: manifest };
  const named = { ...old.tags, ...Object.fromEntries(tags.map((tag) => [tag, version])) };
  const latest = named['latest'] ?? newest(Object.keys(versions)) ?? version;
  return { ...old, versions, tags: { ...named, latest }, time: { created: now, ...old.time, modified: now, [version]: now } };
}

interface Checked {
  readonly version: string;
  readonly manifest: Json;
  readonly content: Buffer;
}

/** Reads a document as `npm publish` sends it; what its parts say of each other must be true. */
async function checked(name: string, document: Json): Promise<Checked> {
  const attachments = Object.values(objectOf(document['_attachments'])).map(objectOf);
  const manifests = Object.entries(objectOf(document['versions']));
  const [attachment] = attachments;
  const [[key, value] = []] = manifests;
  if (attachments.length !== 1 || manifests.length !== 1 || !attachment)
    throw new HttpError(400, `expected one version and one tarball, got ${manifests.length} and ${attachments.length}`);
  const version = checkedVersion(key);
  const manifest = objectOf(value);
  if (manifest['name'] !== name || manifest['version'] !== version)
    throw new HttpError(400, `the manifest of ${name}@${version} is that of ${said(manifest)}`);
  const content = tarballOf(attachment);
  const dist = objectOf(manifest['dist']);
  const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
  const shasum = createHash('sha1').update(content).digest('hex');
  if (typeof dist['integrity'] === 'string' && !dist['integrity'].split(/\s+/).includes(integrity))
    throw new HttpError(400, `integrity mismatch: the tarball has ${integrity}, the manifest says ${dist['integrity']}`);
  if (dist['shasum'] !== undefined && dist['shasum'] !== shasum)
    throw new HttpError(400, `shasum mismatch: the tarball has ${shasum}, the manifest says ${String(dist['shasum'])}`);
  await checkContent(content, { name, version });
  return { version, content, manifest: { ...manifest, dist: { ...dist, integrity, shasum, tarball: tarballPath(name, version) } } };
}

function tarballOf({ data, length }: Json): Buffer {
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw new HttpError(400, 'the tarball is not in Base64');
  const content = Buffer.from(data, 'base64');
  if (typeof length === 'number' && length !== content.length)
    throw new HttpError(400, `length mismatch: the tarball has ${content.length} bytes, the document says ${length}`);
  return content;
}

/** A tarball whose own `package.json` names another package would be installed as that one. */
async function checkContent(content: Buffer, { name, version }: { name: string; version: string }): Promise<void> {
  const file = await readFromTarball(Readable.from([content]), PACKAGE_JSON).catch((cause: unknown) => {
    throw new HttpError(400, `the tarball of ${name}@${version} cannot be read: ${reasonOf(cause)}`);
  });
  if (!file) throw new HttpError(400, `the tarball of ${name}@${version} has no package.json in its folder`);
  const inside = parsed(file);
  if (inside['name'] !== name || inside['version'] !== version)
    throw new HttpError(400, `the package.json in the tarball of ${name}@${version} is that of ${said(inside)}`);
}

function parsed(file: Buffer): Json {
  try {
    return objectOf(JSON.parse(file.toString('utf8').replace(/^\ufeff/, '')));
  } catch {
    throw new HttpError(400, 'the package.json in the tarball is not valid JSON');
  }
}

function said({ name, version }: Json): string {
  return JSON.stringify(`${String(name)}@${String(version)}`);
}
