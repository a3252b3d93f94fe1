import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { type Content } from '../../format';
import { readObject } from '../../json';
import { findAllInZip, findInZip, type ZipEntry } from '../../zip';
import { moduleProblem, pairProblem, versionProblem } from './names';
import { readPath } from './paths';

/** The limits of the go command, in bytes. */
const MAX_ZIP = 500 << 20;
const MAX_TEXT = 16 << 20;
const BAD_ELEMENT = /["'*<>?`|:\\\p{Cc}]|^\.+$|\.$/u;
const WINDOWS = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)/i;

/** What is noted of the archive of a module. */
export interface Inspected {
  /** Whether it has a `go.mod`. */
  readonly hasMod: boolean;
}

/** Checks a file of a module as the go command would, and that it is the one that its path says; throws with the reason. */
export async function inspectFile(file: Content & { readonly path: string }): Promise<Inspected | undefined> {
  const asked = readPath(file.path);
  if (asked.kind !== 'file') return undefined;
  const { module, version, extension } = asked;
  if (extension === 'zip') return inspectZip(file, module, version);
  const text = await whole(file);
  if (extension === 'mod') checkMod(text.toString('utf8'), module);
  else {
    const { Version: said } = readObject(text, 'what is known of a Go version');
    if (said !== version) throw new Error(`its Version is ${JSON.stringify(said)}, but its path says ${JSON.stringify(version)}`);
  }
  return undefined;
}

/** The problem with the place of an upload, or nothing. */
export function uploadProblem(path: string): string | undefined {
  const asked = readPath(path);
  if (asked.kind === 'list' || asked.kind === 'latest') return `${path} is made by the registry itself from the archives of the module`;
  if (asked.kind !== 'file' || asked.extension === 'ziphash') return `expected MODULE/@v/VERSION.zip, got ${path}`;
  return moduleProblem(asked.module) ?? versionProblem(asked.version) ?? pairProblem(asked.module, asked.version);
}

/** The `go.mod` of an archive; for one without, what the go command takes in its place. */
export async function modOf(archive: Content, module: string, version: string): Promise<Buffer> {
  const found = await findInZip(archive, (name) => name === `${module}@${version}/go.mod`);
  return found?.read(MAX_TEXT) ?? Buffer.from(`module ${module}\n`);
}

async function inspectZip(archive: Content, module: string, version: string): Promise<Inspected> {
  if (archive.size > MAX_ZIP) throw new Error(`it has ${archive.size} bytes; the go command accepts at most ${MAX_ZIP}`);
  const prefix = `${module}@${version}/`;
  const files = filesBelow(prefix, await findAllInZip(archive, () => true));
  if (files.size === 0) throw new Error(`it has no file below ${prefix}`);
  const mod = await files.get('go.mod')?.read(MAX_TEXT);
  if (mod) checkMod(mod.toString('utf8'), module);
  if (mod && version.endsWith('+incompatible'))
    throw new Error('a module with a go.mod must have its major version in its path, not +incompatible');
  for (const [name, file] of files) await checkContent(name, file);
  return { hasMod: mod !== undefined };
}

/** The files of an archive by their names in the module, all of which must fit beside each other and within the limits. */
function filesBelow(prefix: string, entries: readonly ZipEntry[]): Map<string, ZipEntry> {
  const files = new Map<string, ZipEntry>();
  const names = new Map<string, string>();
  let size = 0;
  for (const entry of entries) {
    if (!entry.name.startsWith(prefix)) throw new Error(`${shown(entry.name)} is not below ${prefix}`);
    const name = entry.name.slice(prefix.length);
    if (name === '') continue;
    checkName(name, names);
    if (name.endsWith('/')) continue;
    size += entry.size;
    if (size > MAX_ZIP) throw new Error(`unpacked, it has more than ${MAX_ZIP} bytes, the limit of the go command`);
    if (['go.mod', 'LICENSE'].includes(name) && entry.size > MAX_TEXT) throw new Error(`${name} is larger than ${MAX_TEXT} bytes`);
    files.set(name, entry);
  }
  return files;
}

/** Checks a name within a module: what some file system cannot hold, or not beside another one, is refused. */
function checkName(name: string, names: Map<string, string>): void {
  const elements = name.replace(/\/$/, '').split('/');
  if (elements.some((element) => element === '' || BAD_ELEMENT.test(element) || WINDOWS.test(element)))
    throw new Error(`invalid file name ${shown(name)}`);
  if (/(?:^|\/)go\.mod$/i.test(name) && name !== 'go.mod')
    throw new Error(`${shown(name)}: go.mod is allowed only in the root, in lower case`);
  for (const [index] of elements.entries()) {
    const path = elements.slice(0, index + 1).join('/');
    const kind = index < elements.length - 1 || name.endsWith('/') ? `${path}/` : path;
    const folded = path.normalize('NFC').toUpperCase().toLowerCase();
    const known = names.get(folded);
    if (known !== undefined && (known !== kind || !kind.endsWith('/')))
      throw new Error(
        known === kind ? `it has ${shown(path)} twice` : `${shown(known)} and ${shown(kind)} cannot coexist on every file system`,
      );
    names.set(folded, kind);
  }
}

/** Reads a file to its end: one that is broken, or larger than it says, would fail on everybody who uses the module. */
async function checkContent(name: string, { crc, stream }: ZipEntry): Promise<void> {
  let sum = 0;
  for await (const chunk of await stream()) sum = crc32(chunk as Buffer, sum);
  if (sum !== crc) throw new Error(`${shown(name)} is damaged: its checksum is not the one in the archive`);
}

function checkMod(text: string, module: string): void {
  const plain = text.replace(/\/\/.*$/gm, '');
  const [, quoted, bare] = /^\s*module\s+(?:\(\s*)?(?:["`]([^"`\n]*)["`]|([^\s"`()]+))/m.exec(plain) ?? [];
  const said = quoted ?? bare;
  if (said === undefined) throw new Error('its go.mod has no module line');
  if (said !== module) throw new Error(`its go.mod is that of module ${shown(said)}, but its path says ${shown(module)}`);
}

async function whole({ size, open }: Content): Promise<Buffer> {
  if (size > MAX_TEXT) throw new Error(`it is larger than ${MAX_TEXT} bytes`);
  return buffer(await open());
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
