import { createGunzip } from 'node:zlib';
import { pipeline, Readable } from 'node:stream';

const BLOCK = 512;
const WITHIN = 1 << 30;

/** What is looked for in an archive. */
export interface WantedEntry {
  /** Whether a path is the file. */
  readonly matches: (path: string) => boolean;
  /** The largest size of the file. */
  readonly limit: number;
  /** How many bytes of the unpacked archive are looked through at most. @default 1 GiB */
  readonly within?: number;
}

/** Reads one file out of a gzipped tar archive, or undefined when the archive has no such file. */
export async function readFromTarball(body: AsyncIterable<Uint8Array>, wanted: WantedEntry): Promise<Buffer | undefined> {
  const unzipped = createGunzip();
  const source = Readable.from(body);
  // The error comes out of the loop below as well; a callback is needed for it not to be unhandled here.
  pipeline(source, unzipped, () => undefined);
  const scanner = new TarScanner(wanted);
  const { within = WITHIN } = wanted;
  let seen = 0;
  try {
    for await (const chunk of unzipped) {
      seen += (chunk as Buffer).length;
      if (seen > within) throw new Error(`unpacked it has more than ${within} bytes`);
      scanner.push(chunk as Buffer);
      if (scanner.done) break;
    }
    return scanner.found;
  } finally {
    source.destroy();
    unzipped.destroy();
  }
}

/** Scans an archive block by block, skipping the content of other files. */
class TarScanner {
  found: Buffer | undefined;
  done = false;
  #pending: Buffer = Buffer.alloc(0);
  #skip = 0;
  #take = 0;

  constructor(private readonly wanted: WantedEntry) {}

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length ? Buffer.concat([this.#pending, chunk]) : chunk;
    while (!this.done && this.#step());
  }

  #step(): boolean {
    if (this.#skip > 0) {
      const passed = Math.min(this.#skip, this.#pending.length);
      this.#pending = this.#pending.subarray(passed);
      this.#skip -= passed;
      return passed > 0;
    }
    if (this.#take > 0) {
      if (this.#pending.length < this.#take) return false;
      this.found = Buffer.from(this.#pending.subarray(0, this.#take));
      this.done = true;
      return false;
    }
    return this.#header();
  }

  #header(): boolean {
    if (this.#pending.length < BLOCK) return false;
    const header = this.#pending.subarray(0, BLOCK);
    this.#pending = this.#pending.subarray(BLOCK);
    if (header.every((byte) => byte === 0)) return true;
    const size = parseInt(stringAt(header, 124, 12).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0 || stringAt(header, 257, 5) !== 'ustar') throw new Error('not a tar archive');
    const prefix = stringAt(header, 345, 155);
    const path = (prefix && `${prefix}/`) + stringAt(header, 0, 100);
    const isFile = header[156] === 0x30 || header[156] === 0;
    if (isFile && size > 0 && this.wanted.matches(path.replace(/^\.\//, ''))) {
      if (size > this.wanted.limit) throw new Error(`${path} is larger than ${this.wanted.limit} bytes`);
      this.#take = size;
    } else {
      this.#skip = Math.ceil(size / BLOCK) * BLOCK;
    }
    return true;
  }
}

function stringAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
}
