import { createHash } from 'node:crypto';
import { HttpError } from '../../../errors';
import { readWhole } from '../../../store/blobs';
import { type Answer, type CombinedMember, type CombineRequest, type Document } from '../../format';
import { encodePath } from '../../links';
import { blaming } from '../../member-fault';
import { inOtherThread } from '../../off-thread';
import { type ExtraInput, mergeExtras } from './extras';
import { type Merged, mergeDocuments, type MergeInput, type Source } from './merge';
import { internalNames, readIndexPath, xmlDocument } from './paths';
import { readRepomd, type Repomd } from './repomd';
import { DOCUMENTS } from './render';
import { keyDocument, signatureOf } from './signature';
import { filesOf, type WrittenDocument, writeRepomd } from './written';

/** What the other thread does. */
export const JOBS = { documents: mergeDocuments, extras: mergeExtras };
const mergeThere = inOtherThread<MergeInput, Merged>('rpm', 'documents', JOBS.documents);
const mergeExtrasThere = inOtherThread<ExtraInput, Merged>('rpm', 'extras', JOBS.extras);

/** Documents that not every repository has, by the types under which members may have them. */
const EXTRAS = {
  group: { types: ['group', 'group_gz', 'group_xz'], name: 'comps.xml.gz' },
  updateinfo: { types: ['updateinfo'], name: 'updateinfo.xml.gz' },
  modules: { types: ['modules'], name: 'modules.yaml.gz' },
} as const;
/** To be counted up when the same members give other documents than before. */
const VERSION = 1;
const LINK = /^((?:.*?\/)?)-\/([^/]+)\/(.+)$/;

/** A member that has an index. */
interface Indexed {
  readonly member: CombinedMember;
  readonly repomd: Repomd;
  readonly hash: string;
}

/** The member and the path in it that a location in a merged index leads to. */
export function leads(path: string): { readonly member: string; readonly path: string } | undefined {
  const [, folder, member, rest] = LINK.exec(path) ?? [];
  return folder === undefined || member === undefined || rest === undefined ? undefined : { member, path: folder + rest };
}

/** Answers a request for an index that is merged from those of the members. */
export async function answerCombined(request: CombineRequest, members: readonly CombinedMember[]): Promise<Answer | undefined> {
  const asked = readIndexPath(request.path);
  if (!asked) return undefined;
  const { folder, name } = asked;
  if (name === 'repomd.xml') return merged(request, folder, members);
  if (name === 'repomd.xml.key') return keyDocument(request);
  if (name === 'repomd.xml.asc') return signatureOf(request, await merged(request, folder, members), request);
  // Also one that was replaced: who has read an older repomd.xml goes on with what that names.
  const found = await request.generated.find(request.path);
  if (found) return { file: found, isGenerated: true };
  await merged(request, folder, members);
  const made = await request.generated.find(request.path);
  return made && { file: made, isGenerated: true };
}

async function merged(request: CombineRequest, folder: string, members: readonly CombinedMember[]): Promise<Document> {
  const found = await Promise.all(members.map((member) => indexOf(member, folder)));
  const indexed = found.filter((each) => each !== undefined);
  if (indexed.length === 0) throw new HttpError(404, `no repodata/repomd.xml in ${JSON.stringify(folder)} of any member`);
  const internal = await internalNames(request.owners);
  const inputs = [
    VERSION,
    folder,
    internal,
    indexed.map(({ member: { isInternal, location }, hash }) => [isInternal, location.name, hash]),
  ];
  return request.kept(inputs, () => make(request, { folder, indexed, internal, inputs }));
}

async function indexOf(member: CombinedMember, folder: string): Promise<Indexed | undefined> {
  const file = await member.find(`${folder}repodata/repomd.xml`);
  if (!file) return undefined;
  try {
    return { member, repomd: readRepomd(await file.content()), hash: file.hash };
  } catch (cause) {
    throw member.failed(cause);
  }
}

interface Wanted {
  readonly folder: string;
  readonly indexed: readonly Indexed[];
  readonly internal: readonly string[];
  readonly inputs: unknown;
}

/** Makes the documents, unless they were made of the same ones before. */
async function make(request: CombineRequest, { folder, indexed, internal, inputs }: Wanted): Promise<Document> {
  const place = `${folder}repodata/.${createHash('sha256').update(JSON.stringify(inputs)).digest('hex')}`;
  const known = await request.generated.find(place);
  if (known) return xmlDocument(await readWhole(request, known.hash));
  const documents: WrittenDocument[] = [];
  const blame = <T>(made: Promise<T>) =>
    blaming(
      indexed.map(({ member }) => member),
      'repodata',
      made,
    );
  let kept: Merged['kept'] | undefined;
  // One after the other: those of all members are in memory, compressed.
  for (const document of DOCUMENTS) {
    const sources: Source[] = [];
    for (const each of indexed) sources.push(await sourceOf(each, document, folder));
    const made = await blame(mergeThere({ document, sources, internal, ...(kept && { kept }) }));
    kept ??= made.kept;
    documents.push(await stored(request, { type: document, name: `${document}.xml.gz` }, made));
  }
  for (const [type, { types, name }] of Object.entries(EXTRAS)) {
    const contents: ExtraInput['contents'][number][] = [];
    for (const each of indexed) {
      const listed = types.find((one) => each.repomd.types.has(one));
      if (listed !== undefined) contents.push({ member: each.member.location.name, content: await contentOf(each, listed, folder) });
    }
    if (contents.length === 0) continue;
    const made = await blame(mergeExtrasThere({ type: type as ExtraInput['type'], contents }));
    documents.push(await stored(request, { type, name }, made));
  }
  const repomd = Buffer.from(writeRepomd(documents, Math.floor(Date.now() / 1000)));
  const blob = await request.receive(once(repomd));
  await request.generated.put([...filesOf(folder, documents), { path: place, blob, contentType: 'application/xml' }]);
  return xmlDocument(repomd);
}

async function sourceOf(indexed: Indexed, document: string, folder: string): Promise<Source> {
  const { name, upstream } = indexed.member.location;
  const { isInternal } = indexed.member;
  return {
    member: name,
    isInternal,
    root: upstream + encodePath(folder),
    prefix: `-/${encodeURIComponent(name)}/`,
    content: await contentOf(indexed, document, folder),
  };
}

/** The content of a document that the index of a member names; it must be the one that the index means. */
async function contentOf({ member, repomd }: Indexed, type: string, folder: string): Promise<Uint8Array> {
  const href = repomd.types.get(type);
  const file = href === undefined ? undefined : await member.find(folder + href);
  const checksum = repomd.checksums.get(href ?? '');
  if (!file || (checksum?.algorithm === 'sha256' && checksum.hex !== file.hash))
    throw member.failed(
      new Error(`its repodata/repomd.xml names ${href === undefined ? `no ${type}` : `${href}, which it does not have`}`),
    );
  return file.content();
}

async function stored(
  request: CombineRequest,
  { type, name }: Pick<WrittenDocument, 'type' | 'name'>,
  made: Merged,
): Promise<WrittenDocument> {
  const content = Buffer.from(made.content.buffer, made.content.byteOffset, made.content.byteLength);
  return { type, name, blob: await request.receive(once(content)), open: { hash: made.openHash, size: made.openSize } };
}

async function* once(content: Buffer): AsyncGenerator<Buffer, void> {
  yield await Promise.resolve(content);
}
