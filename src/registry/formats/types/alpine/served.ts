import { type Answer, type CombinedMember, type CombineRequest, type Document, type RouteRequest } from '../../format';
import { blaming } from '../../member-fault';
import { inOtherThread } from '../../off-thread';
import { type LocalRepository, type RepositoryFile } from '../../repository';
import { type IndexEntry } from './apk';
import { writeIndex } from './index-file';
import { type MergeInput, mergeIndexes } from './merge';
import { internalNames, keyNameAt, placeOf, readIndexPath } from './paths';
import { type ApkKey, keyOf, SETTING, signedIndex, type SigningRequest } from './signing';

/** What the other thread does. */
export const JOBS = { merge: mergeIndexes };
const mergeThere = inOtherThread<MergeInput, Uint8Array>('alpine', 'merge', JOBS.merge);

/** The name by which the key is found whose name is not known. */
const ANY_KEY = 'apk.rsa.pub';

/** Whether a path is one of an index, or of the key that it is signed with. */
export function covers(path: string): boolean {
  return readIndexPath(path) !== undefined || keyNameAt(path) !== undefined;
}

/** Answers a request for the index of a folder, or for the key that it is signed with. */
export async function answerRoute(request: RouteRequest, repository: LocalRepository): Promise<Answer | undefined> {
  const { path } = request;
  const key = await keyOf(request);
  const asked = readIndexPath(path);
  if (!asked) return keyDocument(path, key);
  return repository.kept([path, ...signedBy(request, key), await repository.revision()], async () => {
    const files = (await repository.list(asked.folder)).filter((file) => placeOf(file.path).folder === asked.folder);
    const entries = files.flatMap((file) => entryOf(file, asked.arch));
    const index = await writeIndex(entries, repository.location.name);
    return { contentType: 'application/gzip', body: await signedIndex(request, key, index) };
  });
}

/** Answers a request for an index that is merged from those of the members. */
export async function answerCombined(request: CombineRequest, members: readonly CombinedMember[]): Promise<Answer | undefined> {
  const { path, owners, self } = request;
  const key = await keyOf(request);
  if (!readIndexPath(path)) return keyDocument(path, key);
  const found = await Promise.all(members.map(async (member) => ({ member, file: await member.find(path) })));
  const indexes = found.flatMap(({ member, file }) => (file ? [{ member, file }] : []));
  if (indexes.length === 0) return undefined;
  const internal = await internalNames(owners);
  const inputs = indexes.map(({ member, file }) => [member.isInternal, member.location.name, file.hash]);
  return request.kept([path, ...signedBy(request, key), internal, inputs], async () => {
    const sources = await Promise.all(
      indexes.map(async ({ member: { location, isInternal }, file }) => ({
        member: location.name,
        isInternal,
        content: await file.content(),
      })),
    );
    const index = await blaming(members, 'APKINDEX.tar.gz', mergeThere({ sources, internal, description: self.name }));
    return { contentType: 'application/gzip', body: await signedIndex(request, key, Buffer.from(index)) };
  });
}

/** The public key, by its name or by one that all registries have for it; it must be kept under its own. */
function keyDocument(path: string, { name, publicKey }: ApkKey): Document | undefined {
  const asked = keyNameAt(path);
  if (asked !== name && asked !== ANY_KEY) return undefined;
  const headers = { 'content-disposition': `attachment; filename="${name.replace(/[^\w.@+-]/g, '_')}"` };
  return { contentType: 'application/x-pem-file', body: publicKey, headers };
}

function signedBy({ given }: SigningRequest, { name, publicKey }: ApkKey): unknown[] {
  return [name, publicKey, given[SETTING.algorithm]];
}

/** What was noted of a package; in an index all have its architecture, for this is where clients look for them. */
function entryOf({ path, metadata }: RepositoryFile, arch: string): IndexEntry[] {
  if (!path.endsWith('.apk') || metadata === '') return [];
  return [{ ...(JSON.parse(metadata) as IndexEntry), A: arch }];
}
