import { createHash } from 'node:crypto';
import { blake2b } from '@noble/hashes/blake2.js';
import { HttpError, reasonOf } from '../../../errors';
import { type Blob } from '../../../store/blobs';
import { type RouteRequest, type UploadCheck } from '../../format';
import { readForm } from '../../multipart';
import { type FileChanges, type LocalRepository } from '../../repository';
import { type Notes, readNotes } from './metadata';
import { fileKey, nameOf, normalizeName, readFileName, versionKey } from './names';

const CONTENT = 'content';
const DIGESTS = ['sha256_digest', 'md5_digest', 'blake2_256_digest'] as const;
const FIELDS = [':action', 'name', 'version', ...DIGESTS];

type Fields = Readonly<Record<string, string>>;

/** Where a file is kept, or why its name is none that an index can have. */
export function checkUpload(path: string): UploadCheck {
  const file = nameOf(path);
  const said = readFileName(file);
  if (!said) return { reason: `expected a .whl, .tar.gz or .zip with a valid distribution name, got ${file}` };
  return { path: `${said.project}/${file}`, contentType: 'application/octet-stream' };
}

/** Takes a file as twine and uv send it. The same file again changes nothing, another one of its name is refused. */
export async function upload(request: RouteRequest, repository: LocalRepository): Promise<void> {
  const { fields, files } = await readForm(request, {
    fields: FIELDS,
    files: [CONTENT],
    store: (content) => repository.receive(content),
  });
  checkAction(fields[':action']);
  const [file, ...others] = files;
  if (!file || others.length > 0)
    throw new HttpError(400, `an upload must have one file, in the field ${CONTENT}; this one has ${files.length}`);
  const { path, contentType } = placeOf(file.name);
  await checkDigests(repository, file.stored, fields);
  const notes = await inspected(repository, path, file.stored);
  checkFields(fields, notes);
  await repository.change(async (inside) => {
    if (await isThere(inside, path, file.stored)) return;
    await inside.put(path, { blob: file.stored, contentType, metadata: JSON.stringify(notes) });
    const { version, summary: description } = notes;
    const name = normalizeName(notes.name);
    await inside.noteVersion({ name, version, description, tags: [], size: file.stored.size, path, manifestPath: path });
  });
}

function checkAction(action: string | undefined): void {
  if (action === 'submit') throw new HttpError(410, 'projects are not registered here; upload the files');
  if (action !== 'file_upload') throw new HttpError(400, `unsupported :action ${JSON.stringify(action ?? '')}; expected "file_upload"`);
}

function placeOf(name: string): { path: string; contentType: string } {
  if (/[/\\]/.test(name)) throw new HttpError(400, `invalid file name ${JSON.stringify(name)}: it contains a slash`);
  const checked = checkUpload(name);
  if ('reason' in checked) throw new HttpError(400, `invalid file name: ${checked.reason}`);
  return { contentType: '', ...checked };
}

/** Compares the digests that came with a file with its own. */
async function checkDigests(repository: LocalRepository, { hash }: Blob, fields: Fields): Promise<void> {
  // In JavaScript BLAKE2 takes a second for 20 MB, and tells nothing that SHA-256 does not.
  const announced = DIGESTS.filter((field) => fields[field] && !(field === 'blake2_256_digest' && fields['sha256_digest']));
  const [md5, blake2] = [createHash('md5'), blake2b.create({ dkLen: 32 })];
  if (announced.some((field) => field !== 'sha256_digest')) {
    for await (const chunk of await repository.read(hash)) {
      if (announced.includes('md5_digest')) md5.update(chunk as Buffer);
      if (announced.includes('blake2_256_digest')) blake2.update(chunk as Buffer);
    }
  }
  const own = { sha256_digest: hash, md5_digest: md5.digest('hex'), blake2_256_digest: Buffer.from(blake2.digest()).toString('hex') };
  for (const field of announced) {
    if (fields[field]?.toLowerCase() !== own[field])
      throw new HttpError(400, `${field} mismatch: the file has ${own[field]}, the form says ${String(fields[field])}`);
  }
}

async function inspected(repository: LocalRepository, path: string, { hash, size }: Blob): Promise<Notes> {
  try {
    return await readNotes({ path, size, open: (range) => repository.read(hash, range) });
  } catch (cause) {
    throw new HttpError(400, `invalid file ${JSON.stringify(path)}: ${reasonOf(cause)}`);
  }
}

/** What the form says of a file must be what the file says. */
function checkFields({ name, version }: Fields, notes: Notes): void {
  const isName = name === undefined || normalizeName(name) === normalizeName(notes.name);
  const isVersion = version === undefined || versionKey(version) === versionKey(notes.version);
  if (isName && isVersion) return;
  const [announced, own] = [`${name} ${version}`, `${notes.name} ${notes.version}`].map((each) => JSON.stringify(each));
  throw new HttpError(400, `the form says ${announced}, but the file is ${own}`);
}

/** Whether the same file is there; another one of its name is a 400, with the words by which twine knows it. */
async function isThere(files: FileChanges, path: string, { hash }: Blob): Promise<boolean> {
  const folder = path.slice(0, path.indexOf('/') + 1);
  const key = fileKey(path.slice(folder.length));
  const there = (await files.list(folder)).find((file) => fileKey(file.path.slice(folder.length)) === key);
  if (!there) return false;
  if (there.path === path && there.hash === hash) return true;
  throw new HttpError(400, `File already exists: ${there.path} with SHA-256 ${there.hash}; a published file cannot be replaced`);
}
