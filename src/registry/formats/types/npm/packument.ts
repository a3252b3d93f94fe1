import Negotiator from 'negotiator';
import { isUrl } from '../../../../common/urls';
import { type IndexRequest, type MemberDocument, type Told, type Document } from '../../format';
import { isObject, type Json, objectOf, readObject } from '../../json';
import { fileNameOf, throughRegistry } from '../../links';
import { digestIn } from './digests';
import { readPath, toldPath } from './paths';

/** The media type of what an installation needs of a package's document. */
export const ABBREVIATED = 'application/vnd.npm.install-v1+json';
/** What is asked for where the whole document is wanted. */
const WHOLE = 'application/json';

/** A wish for the abbreviated document, where that weighs most; upstreams are asked for one of two things whatever a client writes. */
export function isAbbreviatedWanted(accept: string): boolean {
  if (!accept.includes(ABBREVIATED)) return false;
  return new Negotiator({ headers: { accept } }).mediaType([ABBREVIATED, WHOLE]) === ABBREVIATED;
}

/** Reads the document of a package or of one version; throws when it is something else. */
export function readDocument(path: string, body: Buffer): Json {
  const isVersion = readPath(path).kind === 'version';
  const json = readObject(body, isVersion ? 'the document of an npm version' : 'the document of an npm package');
  if (isVersion && typeof json['version'] !== 'string') throw new Error('not the document of an npm version: it has no version');
  if (!isVersion && typeof json['name'] !== 'string' && !isObject(json['versions'])) {
    throw new Error('not the document of an npm package: it has neither name nor versions');
  }
  return json;
}

/** Merges what the members know of a package: the first member that has a version, a tag or a time gives it. */
export function mergePackages(request: IndexRequest, members: readonly MemberDocument[]): Document {
  const parsed = members.map((member) => {
    const json = readDocument(request.path, member.body);
    const through = { ...member, location: { ...member.location, url: request.self.url } };
    return { ...json, ...(isObject(json['versions']) && { versions: rewriteVersions(json['versions'], through) }) } as Json;
  });
  const merged: Json = { ...parsed[0] };
  for (const key of ['versions', 'dist-tags', 'time']) {
    if (parsed.some((json) => json[key] !== undefined)) merged[key] = firstOf(parsed.map((json) => objectOf(json[key])));
  }
  return answer(merged, members);
}

/** Merges the tags of a package: the first member that has a tag gives it, as in the merged package. */
export function mergeTags(members: readonly MemberDocument[]): Document {
  return answer(firstOf(members.map(({ body }) => readObject(body, 'the tags of an npm package'))), members);
}

/** Rewrites the document of one version, the first member's that has it. */
export function rewriteVersionDocument(request: IndexRequest, members: readonly MemberDocument[]): Document {
  const [member] = members;
  if (!member) throw new Error('no member has the version');
  const through = { ...member, location: { ...member.location, url: request.self.url } };
  return answer(rewriteVersion(readDocument(request.path, member.body), through), members);
}

/** The URL and the expected hash of a tarball outside of the upstream. */
export function toldOf(path: string, member: MemberDocument): Told | undefined {
  const asked = readPath(path);
  if (asked.kind !== 'told') return undefined;
  const version = objectOf(objectOf(readDocument(member.path, member.body)['versions'])[asked.version]);
  const dist = objectOf(version['dist']);
  const { tarball } = dist;
  if (typeof tarball !== 'string' || !isUrl(tarball, member.url)) return undefined;
  const target = new URL(tarball, member.url);
  if (toldPath(asked.name, asked.version, fileNameOf(target)) !== path) return undefined;
  const digest = digestIn(dist);
  return { url: target.href, ...(digest && { digest }) };
}

/** Names keep their order, and a version called `__proto__` is one like others. */
function firstOf(parts: readonly Json[]): Json {
  const known = new Map<string, unknown>();
  for (const part of parts) for (const [name, value] of Object.entries(part)) if (!known.has(name)) known.set(name, value);
  return Object.fromEntries(known);
}

function rewriteVersions(versions: Json, member: MemberDocument): Json {
  return Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, rewriteVersion(objectOf(version), member)]));
}

function rewriteVersion(version: Json, member: MemberDocument): Json {
  if (!isObject(version['dist'])) return version;
  const dist = version['dist'];
  const { tarball } = dist;
  const attestations = objectOf(dist['attestations']);
  return {
    ...version,
    dist: {
      ...dist,
      ...(typeof tarball === 'string' && { tarball: throughRegistry(tarball, member, naming(version)) }),
      ...(typeof attestations['url'] === 'string' && {
        attestations: { ...attestations, url: throughRegistry(attestations['url'], member) },
      }),
    },
  };
}

function naming({ name, version }: Json): ((target: URL) => string) | undefined {
  if (typeof name !== 'string' || typeof version !== 'string') return undefined;
  // What could not be found again under its name stays where it is.
  if (readPath(toldPath(name, version, 'file.tgz')).kind !== 'told') return undefined;
  return (target) => toldPath(name, version, fileNameOf(target));
}

/** A document is abbreviated when the upstream said so. */
function answer(json: Json, members: readonly MemberDocument[]): Document {
  const isAbbreviated = members.every(({ contentType }) => contentType.startsWith(ABBREVIATED));
  const contentType = members.length > 0 && isAbbreviated ? ABBREVIATED : 'application/json';
  return { contentType, headers: { vary: 'accept' }, body: JSON.stringify(json) };
}
