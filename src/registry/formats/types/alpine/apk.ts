import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Content } from '../../format';
import { readFromTarball } from '../../tar';
import { memberAt } from './members';

/** A package as an index lists it: values by the letters of its lines. */
export type IndexEntry = Readonly<Record<string, string>>;

/** Signature and control data together: scripts, and lists of what is needed. */
const LARGEST_CONTROL = 8 << 20;
const LARGEST_UNPACKED = 32 << 20;
const PKGINFO = { matches: (path: string) => path === '.PKGINFO', limit: 4 << 20 };
const SIGNATURE = { matches: (path: string) => /^\.SIGN\./.test(path), limit: 1 << 20 };
const NAME = /^[a-zA-Z0-9_][a-zA-Z0-9_.+-]*$/;
const VERSION = /^\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(?:~[0-9a-f]+)?-r\d+$/;

/** The lines of an index by their letters, in their order: from which line of `.PKGINFO`, and whether there may be several. */
const LINES: readonly (readonly [letter: string, key: string, isList?: boolean])[] = [
  ['P', 'pkgname'],
  ['V', 'pkgver'],
  ['A', 'arch'],
  ['S', ''],
  ['I', 'size'],
  ['T', 'pkgdesc'],
  ['U', 'url'],
  ['L', 'license'],
  ['o', 'origin'],
  ['m', 'maintainer'],
  ['t', 'builddate'],
  ['c', 'commit'],
  ['k', 'provider_priority'],
  ['D', 'depend', true],
  ['p', 'provides', true],
  ['i', 'install_if', true],
  ['r', 'replaces', true],
  ['q', 'replaces_priority'],
];

/** The letters of an index in the order of its lines. */
export const LETTERS: readonly string[] = ['C', ...LINES.map(([letter]) => letter)];

/** Reads what an index says of a package; throws with the reason if a file is none. */
export async function readApk(file: Content): Promise<IndexEntry> {
  const { control, end } = await controlOf(file);
  const found = await readFromTarball(one(gzipSync(control.content)), PKGINFO).catch(() => undefined);
  if (!found) throw new Error('not an apk package: its control data has no .PKGINFO');
  const info = readInfo(found.toString('utf8'));
  await checkData(file, end, info.get('datahash')?.[0]);
  const lines = LINES.map(([letter, key, isList]) => {
    const values = info.get(key) ?? [];
    return [letter, letter === 'S' ? String(file.size) : isList ? values.join(' ') : (values[0] ?? '')] as const;
  });
  const entry: IndexEntry = { C: control.identity, ...Object.fromEntries(lines.filter(([, value]) => value !== '')) };
  const { P: name = '', V: version = '', A: arch = '' } = entry;
  if (!NAME.test(name)) throw new Error(`invalid package name ${JSON.stringify(name)} in .PKGINFO`);
  if (!VERSION.test(version)) throw new Error(`invalid version ${JSON.stringify(version)} in .PKGINFO; expected one like 1.2.3-r0`);
  if (!NAME.test(arch)) throw new Error(`invalid architecture ${JSON.stringify(arch)} in .PKGINFO`);
  return entry;
}

/** The control data, which follows the signature if there is one, and by whose hash a package is known. */
async function controlOf(file: Content): Promise<{ control: { content: Buffer; identity: string }; end: number }> {
  const head = await buffer(await file.open({ start: 0, end: Math.min(file.size, LARGEST_CONTROL) - 1 }));
  try {
    const first = memberAt(head, 0, LARGEST_UNPACKED);
    const isSignature = (await readFromTarball(one(gzipSync(first.content)), SIGNATURE).catch(() => undefined)) !== undefined;
    const { content, start, end } = isSignature ? memberAt(head, first.end, LARGEST_UNPACKED) : first;
    const identity = `Q1${createHash('sha1').update(head.subarray(start, end)).digest('base64')}`;
    return { control: { content, identity }, end };
  } catch (cause) {
    throw new Error(`not an apk package: ${(cause as Error).message}`);
  }
}

async function checkData(file: Content, start: number, announced: string | undefined): Promise<void> {
  if (announced === undefined) return;
  const hash = createHash('sha256');
  if (start < file.size) for await (const chunk of await file.open({ start, end: file.size - 1 })) hash.update(chunk as Buffer);
  const actual = hash.digest('hex');
  if (actual !== announced) throw new Error(`damaged or cut: the SHA-256 of its files is ${actual}, its .PKGINFO says ${announced}`);
}

function readInfo(text: string): Map<string, string[]> {
  const info = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, key, value] = /^([a-z_]+) = (.*?)\s*$/.exec(line) ?? [];
    // Without what would be another line, or none, in an index.
    const sound = value?.replace(/\p{Cc}/gu, ' ').trim();
    if (key !== undefined && sound) info.set(key, [...(info.get(key) ?? []), sound]);
  }
  return info;
}

async function* one(content: Buffer): AsyncGenerator<Buffer, void> {
  yield await Promise.resolve(content);
}
