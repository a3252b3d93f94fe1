import { posix } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';

const WITHIN = 1 << 30;

type Entry = Extract extends AsyncIterable<infer T> ? T : never;

/** What is looked for in an archive. */
export interface WantedEntry {
  /** Whether a path, without dot segments, is the file. */
  readonly matches: (path: string) => boolean;
  /** The largest size of the file. */
  readonly limit: number;
  /** How many bytes of the unpacked archive are looked through at most. @default 1 GiB */
  readonly within?: number;
}

/**
 * Reads one file out of a gzipped tar archive, or undefined when the archive has no such file. Throws when it has several: which of them
 * is unpacked is up to who unpacks it.
 */
export async function readFromTarball(body: AsyncIterable<Uint8Array>, wanted: WantedEntry): Promise<Buffer | undefined> {
  const archive = extract();
  // Errors come out of the loop below as well; a callback is needed for them not to be unhandled here.
  pipeline(Readable.from(body), createGunzip(), limited(wanted.within ?? WITHIN), archive, () => undefined);
  let found: Buffer | undefined;
  try {
    for await (const entry of archive) {
      const path = posix.normalize(entry.header.name);
      if (!wanted.matches(path)) entry.resume();
      else if (found) throw new Error(`it has more than one ${path}`);
      else found = await contentOf(entry, wanted);
    }
    return found;
  } finally {
    archive.destroy();
  }
}

function contentOf(entry: Entry, { limit }: WantedEntry): Promise<Buffer> {
  const { name, type, size } = entry.header;
  if (type !== 'file' && type !== 'contiguous-file') throw new Error(`${name} is a ${type}`);
  if (size > limit) throw new Error(`${name} is larger than ${limit} bytes`);
  return buffer(entry);
}

/** Ends what is unpacked when it grows beyond what anybody sends. */
function limited(most: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    let seen = 0;
    for await (const chunk of source) {
      seen += chunk.length;
      if (seen > most) throw new Error(`unpacked it has more than ${most} bytes`);
      yield chunk;
    }
  };
}
