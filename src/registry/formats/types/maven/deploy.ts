import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { HttpError, reasonOf } from '../../../errors';
import { type Blob, readWhole } from '../../../store/blobs';
import { type RouteRequest } from '../../format';
import { type FileChanges, type LocalRepository } from '../../repository';
import { type Algorithm, type ArtifactFile, isPackage, isSnapshot, METADATA } from './paths';
import { artifactMetadata, artifactsAmong, checkMetadata, checkPom, snapshotMetadata, type StoredArtifact } from './metadata';

/** The checksums of a file besides its SHA-256, kept with it; of a document that is made here also those of what a client sent for it. */
export type Checksums = Readonly<Record<Exclude<Algorithm, 'sha256'>, string>>;
/** What is kept with a file. */
export interface Notes extends Checksums {
  readonly sent?: Checksums & { readonly sha256: string };
}

type Stored = { readonly blob: Blob; readonly checksums: Checksums };

const XML_LIMIT = 4 << 20;

/** Takes a file of a version: with it, the documents that list it change. */
export async function deployArtifact(request: RouteRequest, repository: LocalRepository, file: ArtifactFile): Promise<void> {
  const { path } = request;
  const keeps = request.header('x-bkrepo-no-overwrite') === 'true';
  if (keeps && (await repository.find(path))) throw existing(path);
  const stored = await receive(repository, request.content());
  if (file.extension === 'pom') checked(path, await document(repository, stored.blob), (body) => checkPom(body, file));
  const added = { ...file, path, size: stored.blob.size, created_at: new Date().toISOString() };
  await changeArtifact(repository, file.folder, {
    files: (old) => [...old.filter((each) => each.path !== path), added],
    async change(files, now) {
      if (keeps && (await files.find(path))) throw existing(path);
      await files.put(path, { blob: stored.blob, contentType: 'application/octet-stream', metadata: JSON.stringify(stored.checksums) });
      if (isMain(added, now)) await files.noteVersion(versionOf(added));
    },
  });
}

/** Takes a document that lists versions. What this repository knows better stays as it is. */
export async function deployMetadata(request: RouteRequest, repository: LocalRepository, folder: string): Promise<void> {
  const { path } = request;
  const stored = await receive(repository, request.content());
  checked(path, await document(repository, stored.blob), (body) => checkMetadata(body, folder));
  const sent = { ...stored.checksums, sha256: stored.blob.hash };
  for (;;) {
    const old = await repository.find(path);
    const ours = old && notesOf(old).sent && (await receive(repository, await repository.read(old.hash)));
    const { blob, checksums } = ours ?? stored;
    const metadata = JSON.stringify(ours ? { ...checksums, sent } : checksums);
    const isDone = await repository.change(async (files) => {
      if ((await files.find(path))?.hash !== old?.hash) return false;
      await files.put(path, { blob, contentType: 'application/xml', metadata });
      return true;
    });
    if (isDone) return;
  }
}

/** Takes a file that belongs to no version. */
export async function deployOther({ path, content, header }: RouteRequest, repository: LocalRepository): Promise<void> {
  if (isPackage(path))
    throw new HttpError(400, `invalid path ${path}: expected GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.EXTENSION, with the group as folders`);
  const { blob, checksums } = await receive(repository, content());
  const contentType = header('content-type') || 'application/octet-stream';
  await repository.change((files) => files.put(path, { blob, contentType, metadata: JSON.stringify(checksums) }));
}

/** Removes files, and what the documents of their artifact say of them. */
export async function removeFiles(repository: LocalRepository, folder: string, paths: readonly string[]): Promise<void> {
  const gone = new Set(paths);
  await changeArtifact(repository, folder, {
    files: (old) => old.filter(({ path }) => !gone.has(path)),
    async change(files, now, before) {
      for (const path of paths) await files.remove(path);
      for (const { group, artifact, version } of before) {
        if (!now.some((each) => each.version === version)) await files.forgetVersion(`${group}:${artifact}`, version);
      }
    },
  });
}

interface ArtifactChange {
  /** What an artifact has afterwards. */
  files(old: readonly StoredArtifact[]): StoredArtifact[];
  change(files: FileChanges, now: readonly StoredArtifact[], before: readonly StoredArtifact[]): Promise<void>;
}

/** Changes the files of an artifact together with the documents that list them: whoever comes second looks anew. */
async function changeArtifact(repository: LocalRepository, folder: string, { files, change }: ArtifactChange): Promise<void> {
  for (;;) {
    const stored = await repository.list(folder);
    const before = artifactsAmong(stored).filter((file) => file.folder === folder);
    const now = files(before);
    const documents = await Promise.all(
      [...documentsOf(folder, before, now)].map(async ([path, text]) => ({
        path,
        old: stored.find((file) => file.path === path),
        next: text === undefined ? undefined : await receive(repository, Readable.from([Buffer.from(text)])),
      })),
    );
    const isDone = await repository.change(async (inside) => {
      for (const { path, old } of documents) if ((await inside.find(path))?.hash !== old?.hash) return false;
      for (const { path, old, next } of documents) {
        if (!next) await inside.remove(path);
        else {
          const sent = (old && notesOf(old).sent) ?? { ...next.checksums, sha256: next.blob.hash };
          const notes: Notes = { ...next.checksums, sent };
          await inside.put(path, { blob: next.blob, contentType: 'application/xml', metadata: JSON.stringify(notes) });
        }
      }
      await change(inside, now, before);
      return true;
    });
    if (isDone) return;
  }
}

/** The documents of an artifact and of those of its snapshots that change, as texts; undefined is one that goes. */
function documentsOf(folder: string, before: readonly StoredArtifact[], now: readonly StoredArtifact[]): Map<string, string | undefined> {
  const documents = new Map<string, string | undefined>([[folder + METADATA, now.length > 0 ? artifactMetadata(now) : undefined]]);
  const snapshots = new Set([...before, ...now].filter(({ version }) => isSnapshot(version)).map(({ versionFolder }) => versionFolder));
  for (const each of snapshots) {
    const [was, is] = [before, now].map((files) => files.filter(({ versionFolder }) => versionFolder === each));
    if (JSON.stringify(was) !== JSON.stringify(is)) documents.set(each + METADATA, is?.length ? snapshotMetadata(is) : undefined);
  }
  return documents;
}

/** What is kept with a file. */
export function notesOf({ metadata }: { readonly metadata: string }): Partial<Notes> {
  return metadata === '' ? {} : (JSON.parse(metadata) as Partial<Notes>);
}

/** The file that stands for a version: the one that is no POM, where there is one. */
function isMain(file: StoredArtifact, all: readonly StoredArtifact[]): boolean {
  const isPlain = ({ classifier, extension }: ArtifactFile) => classifier === '' && isPackage(`.${extension}`);
  if (!isPlain(file)) return false;
  return file.extension !== 'pom' || !all.some((each) => each.version === file.version && isPlain(each) && each.extension !== 'pom');
}

function versionOf({ group, artifact, version, size, path }: StoredArtifact) {
  return { name: `${group}:${artifact}`, version, description: '', tags: [], size, path, manifestPath: path };
}

async function receive(repository: LocalRepository, content: AsyncIterable<Uint8Array>): Promise<Stored> {
  const hashes: Record<keyof Checksums, Hash> = { md5: createHash('md5'), sha1: createHash('sha1'), sha512: createHash('sha512') };
  async function* watched() {
    for await (const chunk of content) {
      for (const hash of Object.values(hashes)) hash.update(chunk);
      yield chunk;
    }
  }
  const blob = await repository.receive(watched());
  return { blob, checksums: { md5: hashes.md5.digest('hex'), sha1: hashes.sha1.digest('hex'), sha512: hashes.sha512.digest('hex') } };
}

function document(repository: LocalRepository, { hash, size }: Blob): Promise<Buffer> {
  if (size > XML_LIMIT) throw new HttpError(413, `the document has ${size} bytes; at most ${XML_LIMIT} are allowed`);
  return readWhole(repository, hash);
}

function checked(path: string, body: Buffer, check: (body: Buffer) => void): void {
  try {
    check(body);
  } catch (cause) {
    throw new HttpError(400, `${path} is refused: ${reasonOf(cause)}`);
  }
}

function existing(path: string): HttpError {
  return new HttpError(403, `${path} already exists and may not be overwritten`);
}
