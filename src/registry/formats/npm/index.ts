import { type Document, type Format, type IndexRequest, type MemberDocument } from '../format';
import { upstreamPath } from '../../proxy/canonical';
import { throughRegistry } from '../links';

type Json = Record<string, unknown>;
const ABBREVIATED = 'application/vnd.npm.install-v1+json';
/** A scope and a name, which clients write as one segment. */
const SCOPED = /^@[^/]+\/[^/]+$/;
const isPackage = (path: string) => /^(?:@[^/]+\/)?[^/@-][^/]*$/.test(path) && !path.endsWith('.tgz');

/** Documents are asked for with scope and name as one segment, which every registry takes; tarballs as their links have it. */
function encode(path: string): string {
  const plain = upstreamPath(path, {});
  return path.includes('/-/') ? plain : plain.replace(/(^|\/)(@[^/]+)\//, '$1$2%2f');
}

/** npm packages. */
export const npm: Format = {
  packageType: 'npm',
  classify: (path) => (path.endsWith('.tgz') ? 'immutable' : 'mutable'),
  encodedSlash: SCOPED,
  encode,
  variant: (path, accept) => (isPackage(path) && accept.includes(ABBREVIATED) ? ABBREVIATED : ''),
  merge: { strict: false, covers: isPackage, make: mergePackages },
  rewrite: { strict: false, covers: isPackage, make: (request, member) => mergePackages(request, [member]) },
};

/** Merges what the members know of a package: the first member that has a version, a tag or a time gives it. */
function mergePackages({ self }: IndexRequest, members: readonly MemberDocument[]): Document {
  const parsed = members.map((member) => ({ member, json: parsePackage(member.body) }));
  const merged: Json = { ...parsed[0]?.json };
  for (const key of ['versions', 'dist-tags', 'time']) {
    const parts = parsed.map(({ member, json }) => (key === 'versions' ? rewriteVersions(json[key], member) : record(json[key])));
    if (parsed.some(({ json }) => json[key] !== undefined)) merged[key] = Object.assign({}, ...parts.reverse()) as Json;
  }
  return { contentType: 'application/json', body: JSON.stringify(merged) };

  function rewriteVersions(versions: unknown, member: MemberDocument): Json {
    const through = { ...member, place: { ...member.place, url: self.url } };
    return Object.fromEntries(Object.entries(record(versions)).map(([name, version]) => [name, rewriteVersion(record(version), through)]));
  }

  function rewriteVersion(version: Json, member: MemberDocument): Json {
    const dist = record(version['dist']);
    if (typeof dist['tarball'] !== 'string') return version;
    return { ...version, dist: { ...dist, tarball: throughRegistry(dist['tarball'], member) } };
  }
}

function parsePackage(body: Buffer): Json {
  const json: unknown = JSON.parse(body.toString('utf8'));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('not npm package metadata');
  return json as Json;
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
