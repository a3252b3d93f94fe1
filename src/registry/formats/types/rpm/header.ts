import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type Content } from '../../format';

const LEAD = 96;
const INTRO = 16;
const ENTRY = 16;
/** rpm itself allows no more entries. */
const MOST_ENTRIES = 0xffff;
/** The largest known, of packages with 100,000 files, have some 20 MB. */
const LARGEST = 64 << 20;
const MOST_VALUES = 1_000_000;
/** The types of values, and the sizes of those that have one. */
const TYPE = { string: 6, bin: 7, strings: 8, translated: 9 } as const;
const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Tags by which a package is checked. */
const TAG = { headerDigest: 273, payloadDigest: 5092, payloadAlgorithm: 5093 } as const;
const SHA256 = 8;

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** A header of a package: values by tag. What contradicts its own sizes is an error wherever it is read. */
export class Header {
  readonly #entries = new Map<number, Entry>();

  constructor(
    index: Buffer,
    private readonly data: Buffer,
  ) {
    for (let at = 0; at < index.length; at += ENTRY) {
      const [tag, type, offset, count] = [0, 4, 8, 12].map((field) => index.readUInt32BE(at + field)) as [number, number, number, number];
      if (!this.#entries.has(tag)) this.#entries.set(tag, { type, offset, count });
    }
  }

  /** Whether it has a tag. */
  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  /** The first text of a tag, which is the untranslated one of several languages; empty where there is none. */
  text(tag: number): string {
    return this.texts(tag, 1)[0] ?? '';
  }

  /** All texts of a tag, or the first ones. */
  texts(tag: number, most = MOST_VALUES): readonly string[] {
    const entry = this.#entries.get(tag);
    if (!entry) return [];
    if (entry.type !== TYPE.string && entry.type !== TYPE.strings && entry.type !== TYPE.translated) throw wrong(tag, 'is not text');
    const wanted = Math.min(this.#count(tag, entry), entry.type === TYPE.string ? 1 : most);
    const texts: string[] = [];
    for (let at = entry.offset; texts.length < wanted;) {
      const end = this.data.indexOf(0, at);
      if (at >= this.data.length || end < 0) throw wrong(tag, 'reaches beyond its end');
      texts.push(textOf(this.data.subarray(at, end)));
      at = end + 1;
    }
    return texts;
  }

  /** The first number of a tag; undefined where there is none. */
  number(tag: number): number | undefined {
    return this.numbers(tag)[0];
  }

  /** All numbers of a tag. */
  numbers(tag: number): readonly number[] {
    const entry = this.#entries.get(tag);
    if (!entry) return [];
    const size = SIZES[entry.type];
    if (size === undefined) throw wrong(tag, 'is not a number');
    const count = this.#count(tag, entry);
    if (entry.offset + count * size > this.data.length) throw wrong(tag, 'reaches beyond its end');
    const read = (at: number): number => (size === 8 ? Number(this.data.readBigUInt64BE(at)) : this.data.readUIntBE(at, size));
    return Array.from({ length: count }, (_value, index) => read(entry.offset + index * size));
  }

  #count(tag: number, { count }: Entry): number {
    if (count > MOST_VALUES) throw wrong(tag, `has more than ${MOST_VALUES} values`);
    return count;
  }
}

/** The headers of a package file, and where in it they are. */
export interface RpmHeaders {
  readonly signature: Header;
  readonly main: Header;
  /** The bytes of the main header: from, and up to but not including. */
  readonly start: number;
  readonly end: number;
  /** Whether it is a package of sources. */
  readonly isSource: boolean;
}

/** Reads the headers of a package; throws with the reason if a file is none. */
export async function readHeaders(file: Content): Promise<RpmHeaders> {
  const lead = await part(file, 0, LEAD);
  if (lead.readUInt32BE(0) !== 0xedabeedb) throw new Error('not an rpm package: it does not begin as one');
  const version = lead.readUInt8(4);
  if (version !== 3 && version !== 4) throw new Error(`not an rpm package of a known version: ${version}`);
  const signature = await headerAt(file, LEAD);
  // What follows the signature begins at a multiple of eight.
  const main = await headerAt(file, signature.end + ((8 - (signature.end % 8)) % 8));
  const [announced] = signature.header.has(TAG.headerDigest) ? [signature.header.text(TAG.headerDigest)] : [];
  const actual = createHash('sha256').update(main.bytes).digest('hex');
  if (announced !== undefined && announced !== actual)
    throw new Error(`damaged: the SHA-256 of its header is ${actual}, its signature says ${announced}`);
  return { signature: signature.header, main: main.header, start: main.start, end: main.end, isSource: lead.readUInt16BE(6) === 1 };
}

/** Throws if what a package installs is not what its header says. */
export async function checkPayload(file: Content, { main, end }: RpmHeaders): Promise<void> {
  const announced = main.has(TAG.payloadDigest) ? main.text(TAG.payloadDigest) : undefined;
  if (announced === undefined || main.number(TAG.payloadAlgorithm) !== SHA256) return;
  const hash = createHash('sha256');
  if (end < file.size) for await (const chunk of await file.open({ start: end, end: file.size - 1 })) hash.update(chunk as Buffer);
  const actual = hash.digest('hex');
  if (actual !== announced) throw new Error(`damaged or cut: the SHA-256 of its content is ${actual}, its header says ${announced}`);
}

async function headerAt(file: Content, start: number): Promise<{ header: Header; bytes: Buffer; start: number; end: number }> {
  const intro = await part(file, start, INTRO);
  if (intro.readUInt32BE(0) !== 0x8eade801) throw new Error(`not an rpm package: no header at byte ${start}`);
  const [entries, size] = [intro.readUInt32BE(8), intro.readUInt32BE(12)];
  if (entries > MOST_ENTRIES || size > LARGEST)
    throw new Error(`its header is too large: ${entries} entries with ${size} bytes; allowed are ${MOST_ENTRIES} with ${LARGEST} bytes`);
  const rest = await part(file, start + INTRO, entries * ENTRY + size);
  const bytes = Buffer.concat([intro, rest]);
  const index = rest.subarray(0, entries * ENTRY);
  return { header: new Header(index, rest.subarray(entries * ENTRY)), bytes, start, end: start + bytes.length };
}

async function part(file: Content, start: number, length: number): Promise<Buffer> {
  if (start + length > file.size) throw new Error(`not an rpm package, or cut: it ends at byte ${file.size}, within its headers`);
  return length === 0 ? Buffer.alloc(0) : buffer(await file.open({ start, end: start + length - 1 }));
}

/** Old packages have texts in other encodings, of which the most frequent one can be read. */
function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

function wrong(tag: number, why: string): Error {
  return new Error(`its header is damaged: tag ${tag} ${why}`);
}
