import { type KnownBlob } from '../store/blob-index';
import { BlobMissing, hashOf, type StoredBytes } from '../store/blobs';
import { tellDamaged } from '../store/damage';
import { type Store } from '../store/store';
import { type TableModel } from './model';
import { type Report } from './report';
import { tablesOf } from './transfer';
import { REMEDY, usersOf } from './users';

/** What the check does. */
export interface FsckOptions {
  /** Reads all content and compares its digest. */
  readonly deep: boolean;
  /** Removes what nothing refers to, what is left over from processes that died, and what lacks its content and can be fetched or generated again. */
  readonly repair: boolean;
}

/** What was looked at and found. */
export interface FsckResult {
  readonly blobs: number;
  readonly bytes: number;
  /** Problems that are still there. */
  readonly problems: number;
  readonly repaired: number;
}

/** For how long bytes without a row may be those of a writer that is about to add it. */
const YOUNG_MS = 3_600_000;
/** When a writer counts as dead. */
const WRITING_MS = 24 * 3_600_000;

/** Compares what the tables say of the content of files with what is stored, one hash after the other. */
export async function fsck(store: Store, options: FsckOptions, report: Report): Promise<FsckResult> {
  const check = new Check(store, options, report);
  const known = store.known.all()[Symbol.asyncIterator]();
  const stored = store.blobs.audit.stored()[Symbol.asyncIterator]();
  let [row, bytes] = [await known.next(), await stored.next()];
  while (!row.done || !bytes.done) {
    const hash = [row, bytes].flatMap((each) => (each.done ? [] : [each.value.hash])).sort()[0] ?? '';
    const found: StoredBytes[] = [];
    for (; !bytes.done && bytes.value.hash === hash; bytes = await stored.next()) found.push(bytes.value);
    const expected = !row.done && row.value.hash === hash ? row.value : undefined;
    await check.compare(hash, expected, found);
    if (expected) row = await known.next();
    report.progress(`checked ${check.blobs} ${check.blobs === 1 ? 'file' : 'files'}`);
  }
  await check.leftovers();
  return check.result();
}

class Check {
  blobs = 0;
  #bytes = 0;
  #problems = 0;
  #repaired = 0;
  #tables: Promise<readonly TableModel[]> | undefined;

  constructor(
    private readonly store: Store,
    private readonly options: FsckOptions,
    private readonly report: Report,
  ) {}

  result(): FsckResult {
    return { blobs: this.blobs, bytes: this.#bytes, problems: this.#problems, repaired: this.#repaired };
  }

  /** Looks at what is under one hash; what has changed meanwhile is looked at again. */
  async compare(hash: string, row: KnownBlob | undefined, found: readonly StoredBytes[]): Promise<void> {
    if (row) {
      this.blobs++;
      this.#bytes += row.size;
      const isThere = found.some(({ place, size }) => place === row.place && size === row.size);
      if (!isThere || this.options.deep) await this.#inspect(hash);
    }
    const old = this.store.metadata.now() - YOUNG_MS;
    for (const bytes of found) {
      if (bytes.place === row?.place || bytes.modifiedAt.getTime() > old || (await this.store.known.find(hash))?.place === bytes.place)
        continue;
      await this.#settle(`${hash} has ${bytes.size === 1 ? '1 byte' : `${bytes.size} bytes`} that no file refers to`, () =>
        this.store.blobs.audit.erase(bytes),
      );
    }
  }

  async leftovers(): Promise<void> {
    const before = new Date(this.store.metadata.now() - WRITING_MS);
    const count = await this.store.blobs.audit.leftovers(before);
    if (count > 0)
      await this.#settle(
        `${count === 1 ? '1 upload is' : `${count} uploads are`} left over from processes that died`,
        async () => (await this.store.blobs.audit.sweep(before)) > 0,
      );
  }

  async #inspect(hash: string): Promise<void> {
    // What is written from now on is not what was looked at.
    const before = new Date(this.store.metadata.now()).toISOString();
    const row = await this.store.known.find(hash);
    if (!row || (await this.#isGood(row))) return;
    // It may have been deleted while it was looked at.
    if ((await this.store.known.find(hash))?.place !== row.place) return;
    await this.#lacks({ row, before, isDamaged: await this.store.blobs.audit.isWhole(row) });
  }

  async #isGood(row: KnownBlob): Promise<boolean> {
    if (!(await this.store.blobs.audit.isWhole(row))) return false;
    if (!this.options.deep) return true;
    return hashOf(this.store.blobs, row.hash, 'sha256').then(
      (found) => found === row.hash,
      (cause: unknown) => {
        if (cause instanceof BlobMissing) return false;
        throw cause;
      },
    );
  }

  async #lacks({ row, before, isDamaged }: Lack): Promise<void> {
    const { hash } = row;
    const users = await usersOf(this.store, hash, await (this.#tables ??= tablesOf(this.store)));
    const what = `${hash} ${isDamaged ? 'is damaged: its content has another digest' : 'is missing, or has another size'}`;
    const remove = () => this.store.blobs.deleteUnreferenced(hash, before);
    if (users.text === '') return this.#settle(`${what}; nothing refers to it`, remove);
    const text = `${what}; used by ${users.text}`;
    const { repair } = this.options;
    if (repair) {
      // Where others use it as well, what is fetched again is there for them, too.
      await users.forget();
      // Afterwards: nobody shall remember anything that is made of it in between.
      await tellDamaged(this.store.metadata, hash);
    }
    if (users.renewal === undefined) return this.#settle(`${text}; ${REMEDY}`, () => Promise.resolve(false));
    if (!repair) return this.#settle(`${text}; with --repair, ${users.renewal}`, remove);
    const isRenewed = async () => (await this.#isGone(hash)) || this.#isGood(row);
    return this.#settle(text, async () => (await remove()) || isRenewed(), `removed; ${users.renewal}`);
  }

  async #isGone(hash: string): Promise<boolean> {
    return (await this.store.known.find(hash)) === undefined;
  }

  /** Reports a problem, and what became of it. */
  async #settle(text: string, repair: () => Promise<boolean>, done = 'removed'): Promise<void> {
    const isRepaired = this.options.repair && (await repair());
    this.report.line(isRepaired ? `${text} (${done})` : text);
    if (isRepaired) this.#repaired++;
    else this.#problems++;
  }
}

/** Content that is not what it should be. */
interface Lack {
  readonly row: KnownBlob;
  /** A time before it was looked at. */
  readonly before: string;
  readonly isDamaged: boolean;
}
