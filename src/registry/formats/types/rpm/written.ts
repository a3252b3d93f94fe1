import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Blob } from '../../../store/blobs';
import { type NewGenerated } from '../../../store/generated';

/** Where content is stored. */
export interface Receiver {
  receive(content: AsyncIterable<Uint8Array>): Promise<Blob>;
}

/** A document that was written, and what `repomd.xml` tells of it. */
export interface WrittenDocument {
  /** Its type in `repomd.xml`, such as `primary`. */
  readonly type: string;
  /** What its file name ends with. */
  readonly name: string;
  /** Compressed. */
  readonly blob: Blob;
  /** As it was before it was compressed. */
  readonly open: Blob;
}

/** Large enough for what is compressed to be worth a trip to another thread. */
const CHUNK = 64 << 10;

/** Writes a document, compressed, into the store; it is never in memory as a whole. */
export class DocumentWriter {
  readonly #open: Hash = createHash('sha256');
  readonly #input = new PassThrough({ highWaterMark: 4 * CHUNK });
  readonly #stored: Promise<Blob>;
  #pending: string[] = [];
  #length = 0;
  #size = 0;

  constructor(
    private readonly type: string,
    private readonly name: string,
    receiver: Receiver,
  ) {
    const gzip = createGzip();
    // Whatever goes wrong on the way is what storing ends with, which is looked at when the document ends, at the latest.
    pipeline(this.#input, gzip).catch(() => undefined);
    this.#stored = receiver.receive(gzip);
    this.#stored.catch((cause: unknown) => this.#input.destroy(cause as Error));
  }

  /** Appends a text; waits while too much of it is on its way. */
  async write(text: string): Promise<void> {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= CHUNK) await this.#flush();
  }

  /** Ends the document once all of it is stored. */
  async end(): Promise<WrittenDocument> {
    await this.#flush();
    this.#input.end();
    const blob = await this.#stored;
    return { type: this.type, name: this.name, blob, open: { hash: this.#open.digest('hex'), size: this.#size } };
  }

  /** Gives the document up. */
  async abort(): Promise<void> {
    this.#input.destroy(new Error('given up'));
    await this.#stored.catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    this.#length = 0;
    this.#open.update(bytes);
    this.#size += bytes.length;
    if (this.#input.write(bytes)) return;
    if (this.#input.destroyed) await this.#stored;
    else await Promise.race([once(this.#input, 'drain'), this.#stored]);
  }
}

/** The path of a document in the folder of a repository: named after its content, so that another one has another path. */
export function pathOf({ name, blob }: WrittenDocument): string {
  return `repodata/${blob.hash}-${name}`;
}

/** The documents as they are kept, below a folder. */
export function filesOf(folder: string, documents: readonly WrittenDocument[]): NewGenerated[] {
  return documents.map((document) => ({ path: folder + pathOf(document), blob: document.blob, contentType: 'application/gzip' }));
}

/** Writes the `repomd.xml` of documents that are of a time in seconds since 1970. */
export function writeRepomd(documents: readonly WrittenDocument[], time: number): string {
  const data = documents.map(
    (document) => `  <data type="${document.type}">
    <checksum type="sha256">${document.blob.hash}</checksum>
    <open-checksum type="sha256">${document.open.hash}</open-checksum>
    <location href="${pathOf(document)}"/>
    <timestamp>${time}</timestamp>
    <size>${document.blob.size}</size>
    <open-size>${document.open.size}</open-size>
  </data>
`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>${time}</revision>
${data.join('')}</repomd>
`;
}
