import { createHash } from 'node:crypto';
import { type Content } from '../../format';
import { objectOf } from '../../json';
import { type RepositoryFile } from '../../repository';
import { readFromTarball } from '../../tar';
import { findAllInZip } from '../../zip';
import { nameOf, normalizeName, readFileName, versionKey } from './names';

/** The largest metadata: a description may be a whole manual. */
const LIMIT = 4 << 20;
const IN_WHEEL = /^([^/]+)\.dist-info\/METADATA$/;
const IN_SDIST = /^[^/]+\/PKG-INFO$/;

/** What is noted of a wheel or a source archive. */
export interface Notes {
  /** The name of its project as the metadata has it. */
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  /** The versions of Python that it needs, if it says so. */
  readonly requiresPython?: string;
  /** The SHA-256 of the metadata in a wheel. */
  readonly metadata?: string;
}

/** Reads what is noted of a file; throws with the reason if it is not what its name says. */
export async function readNotes(file: Content & { readonly path: string }): Promise<Notes> {
  const fileName = nameOf(file.path);
  const said = readFileName(fileName);
  if (!said) throw new Error(`${fileName} is not the name of a wheel or a source archive`);
  if (versionKey(said.version) === undefined) throw new Error(`${said.version} is not a valid version of a Python package (PEP 440)`);
  const metadata = said.isWheel ? await wheelMetadata(file) : await sdistMetadata(file, fileName);
  const { name = '', version = '', summary = '', 'requires-python': requiresPython } = headersOf(metadata.toString('utf8'));
  if (normalizeName(name) !== said.project || !isSameVersion(version, said.version))
    throw new Error(`its metadata is that of ${JSON.stringify(`${name} ${version}`)}, its name that of ${said.project} ${said.version}`);
  return {
    name,
    version,
    summary,
    ...(requiresPython && { requiresPython }),
    ...(said.isWheel && { metadata: createHash('sha256').update(metadata).digest('hex') }),
  };
}

/** What was noted of a stored file; nothing of one that was stored without being read. */
export function notesOf({ metadata }: Pick<RepositoryFile, 'metadata'>): Partial<Notes> {
  return metadata === '' ? {} : objectOf(JSON.parse(metadata));
}

/** The metadata of a wheel, as installers read it. */
export async function wheelMetadata(file: Content & { readonly path: string }): Promise<Buffer> {
  const found = await findAllInZip(file, (name) => IN_WHEEL.test(name));
  const [entry, ...others] = found;
  if (!entry || others.length > 0)
    throw new Error(`a wheel must have one METADATA in a folder that ends with .dist-info; this one has ${found.length}`);
  const said = readFileName(nameOf(file.path));
  const [, folder = ''] = IN_WHEEL.exec(entry.name) ?? [];
  const dash = folder.lastIndexOf('-');
  const isOwn = normalizeName(folder.slice(0, dash)) === said?.project && isSameVersion(folder.slice(dash + 1), said.version);
  if (!isOwn) throw new Error(`its metadata is in ${JSON.stringify(entry.name)}, which does not match its name`);
  return entry.read(LIMIT);
}

async function sdistMetadata(file: Content, fileName: string): Promise<Buffer> {
  const found = fileName.toLowerCase().endsWith('.zip') ? await zipMetadata(file) : await tarMetadata(file);
  if (!found) throw new Error('a source archive must have a PKG-INFO in its folder; this one has none');
  return found;
}

async function zipMetadata(file: Content): Promise<Buffer | undefined> {
  const [entry, ...others] = await findAllInZip(file, (name) => IN_SDIST.test(name));
  if (others.length > 0) throw new Error('it has more than one PKG-INFO');
  return entry?.read(LIMIT);
}

async function tarMetadata(file: Content): Promise<Buffer | undefined> {
  try {
    return await readFromTarball(await file.open(), { matches: (path) => IN_SDIST.test(path), limit: LIMIT });
  } catch (cause) {
    throw new Error(`not a readable gzipped tar archive: ${(cause as Error).message}`, { cause });
  }
}

function isSameVersion(one: string, other: string): boolean {
  const key = versionKey(one);
  return key !== undefined && key === versionKey(other);
}

/** The headers of a metadata file by their names in lower case; of repeated ones the first. */
function headersOf(text: string): Partial<Record<string, string>> {
  const [head = ''] = text.split(/\r?\n\r?\n/, 1);
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value.trim());
  }
  return Object.fromEntries(headers);
}
