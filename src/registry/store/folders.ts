import { type MetadataStore } from './metadata';
import { type Metadata } from './tables';

/** How many objects of a folder are looked at to say how much there is in it. */
const COUNTED = 1000;
/** How many files are looked at first after a folder, and how many times as many next. */
const FEW = 2;
const MORE = 8;

/** A file as a repository has it; of a cached object, all its variants together. */
export interface FileEntry {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly hits: number;
  readonly bytesServed: number;
  readonly contentType: string;
  readonly createdAt: string;
  /** The last use of a cached object; empty for others. */
  readonly usedAt: string;
}

/** A folder with what is in it, however deep. */
export interface FolderEntry {
  readonly name: string;
  /** With a slash at its end. */
  readonly path: string;
  readonly files: number;
  readonly size: number;
  readonly hits: number;
  /** Whether there is more in it than was counted. */
  readonly hasMore: boolean;
}

/** One page of what is in a folder. */
export interface Listing {
  readonly entries: readonly (FileEntry | FolderEntry)[];
  /** Where the next page begins; undefined if this is the last one. */
  readonly next: string | undefined;
}

/** Which page. */
export interface Wanted {
  readonly repository: string;
  /** The folder, with a slash at its end; empty for the top. */
  readonly folder: string;
  /** The `next` of the page before; empty for the first one. */
  readonly from: string;
  readonly limit: number;
}

type Row = Omit<FileEntry, 'name'>;
type Totals = Pick<FolderEntry, 'files' | 'size' | 'hits'>;
interface Span {
  readonly from: string;
  readonly before: string | undefined;
  readonly limit: number;
}

/** What comes after everything in a folder, in the order of bytes: its path with the character behind the slash. */
export function afterFolder(folder: string): string {
  return `${folder.slice(0, -1)}0`;
}

/**
 * The files of a repository as a tree. Paths are kept flat, in order: a folder is found by its first file and left by a jump behind its
 * last one, so that a page costs as much as it has entries, whatever is in its folders.
 */
abstract class Folders {
  /** What is in a folder, by path. */
  async list({ repository, folder, from, limit }: Wanted): Promise<Listing> {
    const end = folder === '' ? undefined : afterFolder(folder);
    const found: (() => FileEntry | Promise<FolderEntry>)[] = [];
    let next: string | undefined = from === '' ? folder : from;
    let size = limit + 1;
    while (next !== undefined && found.length < limit) {
      const asked = Math.min(size, limit - found.length + 1);
      const rows = await this.rows(repository, { from: next, before: end, limit: asked });
      next = undefined;
      size *= MORE;
      for (const [index, row] of rows.entries()) {
        // The last one tells where to go on.
        if (index === asked - 1) {
          next = row.path;
          break;
        }
        const slash = row.path.indexOf('/', folder.length);
        if (slash < 0) found.push(() => ({ name: row.path.slice(folder.length), ...row }));
        else {
          const path = row.path.slice(0, slash + 1);
          found.push(async () => ({ name: path.slice(folder.length, -1), path, ...(await this.#inside(repository, path)) }));
          next = afterFolder(path);
          // Where there is one folder, there are often more.
          size = FEW;
          break;
        }
      }
    }
    // After a folder at the end of a page there may be nothing.
    if (next !== undefined && (await this.rows(repository, { from: next, before: end, limit: 1 })).length === 0) next = undefined;
    return { entries: await Promise.all(found.map((entry) => entry())), next };
  }

  async #inside(repository: string, path: string): Promise<Totals & { hasMore: boolean }> {
    const totals = await this.totals(repository, { from: path, before: afterFolder(path), limit: COUNTED + 1 });
    return { ...totals, files: Math.min(totals.files, COUNTED), hasMore: totals.files > COUNTED };
  }

  protected abstract rows(repository: string, span: Span): Promise<Row[]>;
  protected abstract totals(repository: string, span: Span): Promise<Totals>;
}

/** The cached objects of remotes as a tree. */
export class CachedFolders extends Folders {
  readonly #db: Metadata;

  constructor(metadata: MetadataStore) {
    super();
    this.#db = metadata.tables();
  }

  protected async rows(remote: string, span: Span): Promise<Row[]> {
    const query = this.#within(remote, span).select(['path'] as const);
    const rows = await query
      .select(({ fn }) => [
        fn.sum<number>('size').as('size'),
        fn.sum<number>('access_count').as('hits'),
        fn.sum<number>('bytes_served').as('bytesServed'),
        fn.min('content_type').as('contentType'),
        fn.min('created_at').as('createdAt'),
        fn.max('accessed_at').as('usedAt'),
      ])
      .groupBy('path')
      .orderBy('path')
      .limit(span.limit)
      .execute();
    return rows.map((row) => ({ ...row, size: Number(row.size), hits: Number(row.hits), bytesServed: Number(row.bytesServed) }));
  }

  protected async totals(remote: string, span: Span): Promise<Totals> {
    const some = this.#within(remote, span).select(['size', 'access_count as hits']).limit(span.limit).as('some');
    const query = this.#db
      .selectFrom(some)
      .select(({ fn }) => [fn.countAll<number>().as('files'), fn.sum<number>('size').as('size'), fn.sum<number>('hits').as('hits')]);
    return numbers(await query.executeTakeFirstOrThrow());
  }

  #within(remote: string, { from, before }: Span) {
    const query = this.#db.selectFrom('artifacts').where('remote', '=', remote).where('path', '>=', from);
    return before === undefined ? query : query.where('path', '<', before);
  }
}

/** The files of local repositories as a tree. */
export class LocalFolders extends Folders {
  readonly #db: Metadata;

  constructor(metadata: MetadataStore) {
    super();
    this.#db = metadata.tables();
  }

  protected async rows(repository: string, span: Span): Promise<Row[]> {
    const query = this.#within(repository, span).select([
      'path',
      'size',
      'content_type as contentType',
      'local_files.created_at as createdAt',
    ]);
    const rows = await query.orderBy('path').limit(span.limit).execute();
    return rows.map((row) => ({ ...row, size: Number(row.size), hits: 0, bytesServed: 0, usedAt: '' }));
  }

  protected async totals(repository: string, span: Span): Promise<Totals> {
    const some = this.#within(repository, span).select('size').limit(span.limit).as('some');
    const query = this.#db.selectFrom(some).select(({ fn }) => [fn.countAll<number>().as('files'), fn.sum<number>('size').as('size')]);
    return numbers({ hits: 0, ...(await query.executeTakeFirstOrThrow()) });
  }

  #within(repository: string, { from, before }: Span) {
    const query = this.#db
      .selectFrom('local_files')
      .innerJoin('blobs', 'blobs.hash', 'local_files.hash')
      .where('repo', '=', repository)
      .where('path', '>=', from);
    return before === undefined ? query : query.where('path', '<', before);
  }
}

/** Some engines answer sums as texts, and that of nothing as null. */
function numbers({ files, size, hits }: { files: number; size: number | null; hits: number | null }): Totals {
  return { files: Number(files), size: Number(size ?? 0), hits: Number(hits ?? 0) };
}
