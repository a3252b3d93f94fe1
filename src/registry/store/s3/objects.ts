import { randomBytes } from 'node:crypto';
import { type FileHandle } from 'node:fs/promises';
import { type HttpError } from '../../errors';
import { eachAtOnce } from '../at-once';
import { type Blob, placeableHash, type StoredBytes } from '../blobs';
import { type Bucket, type ObjectFacts, type OpenUpload } from './bucket';
import { type ObjectIndex, type ObjectName } from './object-index';
import { isMissing } from './problems';

/** How many objects are deleted between two looks at the tables. */
const BATCH = 500;
/** How often a writer tells that it is still at it. */
const TELL_EVERY_MS = 10_000;
/** After how long a silence a writer may count as dead; one that is alive after all writes again. */
export const SILENCE_MS = 6 * TELL_EVERY_MS;

/** What objects are kept with. */
export interface ObjectParts {
  readonly bucket: Bucket;
  readonly index: ObjectIndex;
  /** Puts an error of the bucket into words. */
  readonly explain: (cause: unknown) => HttpError;
  /** How often a writer tells that it is still at it, in milliseconds. @default 10,000 */
  readonly tellEvery?: number;
}

/** Writes and deletes the objects of blobs; the order of its steps is that of docs/design/029-object-storage.md. */
export class Objects {
  constructor(private readonly parts: ObjectParts) {}

  /** Makes a file the content of a blob, unless the bucket has that already, not at a place that is distrusted; the answer is its place. */
  async keep(blob: Blob, file: FileHandle, distrusted?: string): Promise<string> {
    const { hash, size } = blob;
    const known = await this.parts.index.find(hash);
    const isThere = known !== undefined && known.place !== distrusted && (await this.isWhole({ hash, place: known.place }, size));
    if (isThere && (await this.parts.index.renew({ hash, place: known.place }))) return known.place;
    const bad = isThere ? undefined : known?.place;
    for (;;) {
      const name = { hash, place: randomBytes(8).toString('hex') };
      await this.#write(name, { file, size });
      const place = await this.parts.index.adopt({ ...name, size }, bad);
      if (place === name.place) return place;
      await this.#erase([name]).catch(() => undefined);
      if (place !== undefined) return place;
    }
  }

  /** Forgets a blob if nothing keeps it and it was last written before a time; returns whether it did. */
  async drop(hash: string, before: string): Promise<boolean> {
    const place = await this.parts.index.drop(hash, before);
    if (place === undefined) return false;
    // The blob is gone from here on. What could not be deleted now is deleted by the next sweep.
    await this.#erase([{ hash, place }]).catch(() => undefined);
    return true;
  }

  /** Deletes what is left over from writers and deletions that did not end, of writers those that were heard of last before a time; returns how much. */
  async sweep(before: Date): Promise<number> {
    const { index, bucket } = this.parts;
    let swept = 0;
    await index.giveUpBefore(before.toISOString());
    for (let batch = await index.condemned(BATCH); batch.length > 0; batch = await index.condemned(BATCH)) {
      await this.#erase(batch);
      swept += batch.length;
    }
    for await (const upload of this.#deadUploads(before)) {
      await bucket.abort(upload).catch((cause: unknown) => {
        if (!isMissing(cause)) throw this.parts.explain(cause);
      });
      swept++;
    }
    return swept;
  }

  /** How much a sweep would delete. */
  async leftovers(before: Date): Promise<number> {
    let found = await this.parts.index.countLoose(before.toISOString());
    for await (const _upload of this.#deadUploads(before)) found++;
    return found;
  }

  /** Uploads in parts that no writer can finish: their objects are not announced any more. */
  async *#deadUploads(before: Date): AsyncGenerator<OpenUpload, void> {
    const { index, bucket, explain } = this.parts;
    try {
      for await (const upload of bucket.uploads()) {
        const name = objectAt(upload.key);
        if (name && upload.begunAt < before && !(await index.isLoose(name))) yield upload;
      }
    } catch (cause) {
      throw explain(cause);
    }
  }

  /** All objects that have names of blobs. */
  async *all(): AsyncGenerator<StoredBytes, void> {
    try {
      for await (const { key, size, modifiedAt } of this.parts.bucket.list('sha256/')) {
        const name = objectAt(key);
        if (name) yield { ...name, size, modifiedAt };
      }
    } catch (cause) {
      throw this.parts.explain(cause);
    }
  }

  /** Deletes an object that is neither a blob's nor known to be loose; returns whether it did. It can become neither. */
  async eraseStray(name: ObjectName): Promise<boolean> {
    const { index, bucket, explain } = this.parts;
    if ((await index.find(name.hash))?.place === name.place || (await index.isLoose(name))) return false;
    // It may have been adopted between the two looks.
    if ((await index.find(name.hash))?.place === name.place) return false;
    await bucket.delete(keyOf(name)).catch((cause: unknown) => {
      throw explain(cause);
    });
    return true;
  }

  /** Whether the object is what was written under its hash. */
  async isWhole(name: ObjectName, size: number): Promise<boolean> {
    const facts = await this.parts.bucket.head(keyOf(name)).catch((cause: unknown) => {
      throw this.parts.explain(cause);
    });
    return facts !== undefined && problemOf(facts, { hash: name.hash, size }) === undefined;
  }

  async #write(name: ObjectName, { file, size }: { readonly file: FileHandle; readonly size: number }): Promise<void> {
    const { index, bucket, explain } = this.parts;
    await index.announce(name);
    const telling = setInterval(() => void index.stillWriting(name).catch(() => undefined), this.parts.tellEvery ?? TELL_EVERY_MS).unref();
    try {
      await bucket.put(keyOf(name), { file, size, hash: name.hash });
    } catch (cause) {
      if (await index.giveUp(name).catch(() => false)) await this.#erase([name]).catch(() => undefined);
      throw explain(cause);
    } finally {
      clearInterval(telling);
    }
  }

  /** Deletes objects that are condemned. */
  async #erase(names: readonly ObjectName[]): Promise<void> {
    const { index, bucket, explain } = this.parts;
    await eachAtOnce(names, (name) =>
      bucket.delete(keyOf(name)).catch((cause: unknown) => {
        if (!isMissing(cause)) throw explain(cause);
      }),
    );
    await index.forget(names);
  }
}

/** The key of an object, below the store's prefix. */
export function keyOf({ hash, place }: ObjectName): string {
  return `sha256/${placeableHash(hash).slice(0, 2)}/${hash}.${place}`;
}

/** The object that a key names; undefined if it is not one of this store. */
export function objectAt(key: string): ObjectName | undefined {
  const [, hash = '', place = ''] = /^sha256\/[0-9a-f]{2}\/([0-9a-f]{64})\.([0-9a-f]{16})$/.exec(key) ?? [];
  return hash === '' ? undefined : { hash, place };
}

/** Why an object cannot be what was written under its hash: somebody else wrote it. */
export function problemOf(facts: ObjectFacts, blob: Blob): string | undefined {
  if (facts.size !== blob.size) return `its object has ${facts.size} bytes instead of ${blob.size}`;
  return facts.hash === blob.hash ? undefined : 'its object was written by another program';
}
