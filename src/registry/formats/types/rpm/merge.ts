import { createHash } from 'node:crypto';
import { createGunzip, createGzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import { decompressed } from '../../compression';
import { memberFault } from '../../member-fault';
import { elementsIn } from './packages-in';
import { type DocumentName, headOf, rootOf, tailOf } from './render';
import { readElement, type PackageElement } from './package-element';

/** A document of a member of a virtual. */
export interface Source {
  readonly member: string;
  /** Whether its packages are internal. */
  readonly isInternal: boolean;
  /** The URL that the locations of its packages are relative to. */
  readonly root: string;
  /** What a location within it becomes. */
  readonly prefix: string;
  readonly content: Uint8Array;
}

/** The documents to merge, in the order of the members. */
export interface MergeInput {
  readonly document: DocumentName;
  readonly sources: readonly Source[];
  /** The names of internal packages. */
  readonly internal: readonly string[];
  /** The packages of each source that are in the merged `primary`, by their checksums; for that document itself, none. */
  readonly kept?: readonly (readonly string[])[];
}

/** A merged document. */
export interface Merged {
  /** Compressed. */
  readonly content: Uint8Array;
  /** Of what was compressed. */
  readonly openHash: string;
  readonly openSize: number;
  /** The packages of each source that are in it, by their checksums. */
  readonly kept: readonly (readonly string[])[];
}

/** Of one document, unpacked. Fedora's file lists have 1 GiB. */
const LARGEST = 4 * 1024 ** 3;
const CHUNK = 256 << 10;

/** Merges documents that describe packages; throws with the name of the member whose document cannot be read. */
export async function mergeDocuments(input: MergeInput): Promise<Merged> {
  const kept: string[][] = input.sources.map(() => []);
  const gzip = createGzip();
  const [, body] = await Promise.all([pipeline(Readable.from(gathered(packagesOf(input, kept))), gzip), buffer(gzip)]);
  // How many packages there are is known at the end only, and has its place at the beginning: gzip allows for several parts.
  const head = headOf(
    input.document,
    kept.reduce((sum, { length }) => sum + length, 0),
  );
  const content = Buffer.concat([gzipSync(head), body]);
  const hash = createHash('sha256');
  let openSize = 0;
  for await (const chunk of Readable.from([content]).pipe(createGunzip())) {
    hash.update(chunk as Buffer);
    openSize += (chunk as Buffer).length;
  }
  return { content, openHash: hash.digest('hex'), openSize, kept };
}

async function* packagesOf({ document, sources, internal, kept: wanted }: MergeInput, kept: string[][]): AsyncGenerator<string, void> {
  const own = new Set(internal);
  const seen = new Set<string>();
  for (const [index, source] of sources.entries()) {
    const ids = new Set(wanted?.[index]);
    try {
      for await (const text of elementsIn(decompressed(Buffer.from(source.content), LARGEST), {
        root: rootOf(document),
        name: 'package',
      })) {
        const element = readElement(text, document);
        if (wanted ? !ids.delete(element.id) : !isWanted(element, { source, own, seen })) continue;
        kept[index]?.push(element.id);
        yield document === 'primary' ? element.rewritten(source, source.isInternal ? new Set() : own) : `${text}\n`;
      }
    } catch (cause) {
      throw memberFault(source.member, cause);
    }
  }
  yield tailOf(document);
}

/** Whether a package is listed: none of an upstream by the name of an internal one, and the first of those that are the same version. */
function isWanted(
  element: PackageElement,
  { source, own, seen }: { source: Source; own: ReadonlySet<string>; seen: Set<string> },
): boolean {
  if (!source.isInternal && element.names.some((name) => own.has(name))) return false;
  if (seen.has(element.key)) return false;
  seen.add(element.key);
  return true;
}

/** Short texts put together, for what comes after to have less to do. */
async function* gathered(texts: AsyncIterable<string>): AsyncGenerator<Buffer, void> {
  let pending: string[] = [];
  let length = 0;
  for await (const text of texts) {
    pending.push(text);
    length += text.length;
    if (length < CHUNK) continue;
    yield Buffer.from(pending.join(''));
    pending = [];
    length = 0;
  }
  yield Buffer.from(pending.join(''));
}
