import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Kysely } from 'kysely';
import { extract, type Extract } from 'tar-stream';
import { withHold } from '../store/holds';
import { KyselyMetadata, type TableSet } from '../store/metadata';
import { migrate } from '../store/migrations';
import { type Store } from '../store/store';
import { wasmDialect } from '../store/wasm-dialect';
import {
  END,
  type End,
  endSchema,
  FORMAT,
  hashIn,
  LARGEST_MANIFEST,
  LARGEST_PAGE,
  MANIFEST,
  type Manifest,
  manifestSchema,
  tableOf,
} from './archive';
import { modelOf, type TableModel } from './model';
import { type Report } from './report';
import { insertRows, type Row, sumOf } from './rows';
import { BLOBS, copyRows, refuseContent, tablesOf } from './transfer';

type Entry = Extract extends AsyncIterable<infer T> ? T : never;

/** What came out of an archive. */
export interface ImportResult {
  readonly rows: number;
  readonly blobs: number;
  readonly bytes: number;
  readonly secrets: boolean;
  readonly missing: number;
}

/** What an import works with. */
export interface ImportParts {
  readonly input: AsyncIterable<Uint8Array>;
  /** A folder for what is in progress. */
  readonly folder: string;
  readonly report: Report;
}

/**
 * Brings an archive into an empty store. Rows go into a database of their own first, with the tables as they were when the archive was
 * written, are brought up to date there, and copied in one transaction: an import that fails leaves nothing but content that nothing
 * refers to. Nothing of the archive is a path on this machine.
 */
export async function importInto(store: Store, { input, folder, report }: ImportParts): Promise<ImportResult> {
  const tables = await tablesOf(store);
  await refuseContent(store, tables, 'import into a new data folder or database');
  await removeStages(folder);
  const stage = await mkdtemp(join(folder, STAGE));
  const importer = new Importer(store, stage, report);
  try {
    return await withHold(store.metadata, async () => {
      const { manifest, end } = await importer.read(input);
      const rows = await importer.finish(tables);
      return { rows, blobs: end.blobs, bytes: end.bytes, secrets: manifest.secrets, missing: end.missing.length };
    });
  } finally {
    await importer.close();
    await rm(stage, { recursive: true, force: true });
  }
}

const STAGE = 'import-';

/** What imports left that were killed: rows with their secrets. */
async function removeStages(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.startsWith(STAGE)) await rm(join(folder, name), { recursive: true, force: true });
}

class Importer {
  #staged: { readonly metadata: KyselyMetadata; readonly tables: readonly TableModel[] } | undefined;
  #manifest: Manifest | undefined;
  #end: End | undefined;
  #blobs = 0;
  #bytes = 0;

  constructor(
    private readonly store: Store,
    private readonly folder: string,
    private readonly report: Report,
  ) {}

  async read(input: AsyncIterable<Uint8Array>): Promise<{ manifest: Manifest; end: End }> {
    const archive = extract();
    const source = Readable.from(input);
    source.on('error', (cause) => archive.destroy(cause)).pipe(archive);
    try {
      for await (const entry of archive) await this.#take(entry);
    } catch (cause) {
      throw ofReader(cause, this.#manifest !== undefined);
    } finally {
      source.destroy();
      archive.destroy();
    }
    if (!this.#manifest) throw notAnArchive();
    if (!this.#end) throw incomplete();
    await this.#verify(this.#end);
    return { manifest: this.#manifest, end: this.#end };
  }

  /** Brings the rows up to date and into the store. */
  async finish(tables: readonly TableModel[]): Promise<number> {
    const { metadata } = this.#open();
    await migrate(metadata, this.store.sets);
    return copyRows({ metadata }, this.store, { report: this.report, tables });
  }

  async close(): Promise<void> {
    await this.#staged?.metadata.close();
  }

  async #take(entry: Entry): Promise<void> {
    const { name, type } = entry.header;
    if (type !== 'file') throw new BadArchive(`the archive has something other than a file, ${JSON.stringify(name)}; nothing was imported`);
    if (!this.#manifest) {
      if (name !== MANIFEST) throw notAnArchive();
      await this.#begin(await jsonOf(entry));
      return;
    }
    const [table, hash] = [tableOf(name), hashIn(name)];
    if (this.#end) throw new BadArchive(`the archive has an entry after its end, ${JSON.stringify(name)}; nothing was imported`);
    if (name === END) this.#end = parsed(endSchema, await jsonOf(entry), END);
    else if (table !== undefined) await this.#takeRows(table, entry);
    else if (hash !== undefined) await this.#takeBlob(hash, entry);
    else throw new BadArchive(`the archive has an unknown entry, ${JSON.stringify(name)}; nothing was imported`);
  }

  async #begin(json: unknown): Promise<void> {
    const manifest = parsed(manifestSchema, json, MANIFEST);
    const known = new Map(this.store.sets.map((set) => [set.name, set.migrations.length]));
    const newer = Object.entries(manifest.schema).find(([name, version]) => version > (known.get(name) ?? -1));
    if (manifest.format > FORMAT || newer)
      throw new BadArchive(`the archive was written by a newer version of repoform, ${JSON.stringify(manifest.version)}; update repoform`);
    // Only what the archive knows of exists in the beginning.
    const then: TableSet[] = this.store.sets.map((set) => ({
      ...set,
      migrations: set.migrations.slice(0, manifest.schema[set.name] ?? 0),
    }));
    const metadata = new KyselyMetadata(new Kysely({ dialect: wasmDialect(join(this.folder, 'rows.db')) }));
    this.#staged = { metadata, tables: await modelOf(then) };
    await migrate(metadata, then);
    this.#manifest = manifest;
  }

  async #takeRows(name: string, entry: Entry): Promise<void> {
    const { metadata, tables } = this.#open();
    const table = tables.find((each) => each.name === name);
    if (!table) throw new BadArchive(`the archive has rows of an unknown table, ${JSON.stringify(name)}; nothing was imported`);
    const lines = (await contentOf(entry, LARGEST_PAGE)).toString('utf8').split('\n').filter(Boolean);
    const rows = lines.map((line) => rowOf(line, table));
    await metadata
      .transaction((inside) => insertRows(inside, table, rows))
      .catch((cause: Error) => {
        throw new BadArchive(`the archive has rows of the table ${name} that fit no others: ${cause.message}; nothing was imported`);
      });
    this.report.progress(`read the table ${name}`);
  }

  async #takeBlob(hash: string, entry: Entry): Promise<void> {
    const size = entry.header.size ?? 0;
    if (await this.store.blobs.audit.isWhole({ hash, size })) {
      // Of an earlier import that failed, and of use only if it is what it should be, which the archive's own content tells best.
      for await (const chunk of entry) void chunk;
    } else {
      const writer = await this.store.blobs.begin();
      try {
        for await (const chunk of entry) await writer.write(chunk as Buffer);
        await writer.commit(hash);
      } catch (cause) {
        await writer.abort();
        throw cause instanceof Error && cause.name === 'Error'
          ? new BadArchive(`the content ${hash} of the archive is damaged: ${cause.message}; nothing was imported`)
          : cause;
      } finally {
        await writer.close();
      }
    }
    this.#blobs++;
    this.#bytes += size;
    this.report.progress(`imported ${this.#blobs} files`);
  }

  /** Compares what was read with what the end says was written. */
  async #verify(end: End): Promise<void> {
    const { metadata, tables } = this.#open();
    const wrong = (what: string) =>
      new BadArchive(`the archive is damaged: ${what} differ from what it says at its end; nothing was imported`);
    if (this.#blobs !== end.blobs || this.#bytes !== end.bytes) throw wrong('its files');
    for (const table of tables) {
      const { rows, digest } = await sumOf(metadata, table);
      const expected = end.tables[table.name];
      if (rows !== expected?.rows || digest !== expected.digest) throw wrong(`the rows of ${table.name}`);
      if (table.name === BLOBS && rows !== end.blobs + end.missing.length) throw wrong('its files');
    }
  }

  #open() {
    if (!this.#staged) throw notAnArchive();
    return this.#staged;
  }
}

/** An archive cannot be imported as it is. */
export class BadArchive extends Error {}

function notAnArchive(): Error {
  return new BadArchive(
    'this is not an archive of a registry, or not all of one; expected what "repoform registry export" writes, unpacked from any compression',
  );
}

function incomplete(): Error {
  return new BadArchive('the archive is incomplete: its end is missing; nothing was imported. Export it again, or copy it again');
}

/** What the reader of tar archives says, in words; what is not of the archive stays. */
function ofReader(cause: unknown, hasBegun: boolean): unknown {
  const { message } = cause as Error;
  if (/unexpected end of data/i.test(message)) return hasBegun ? incomplete() : notAnArchive();
  if (/^invalid (?:tar )?header|header exceeds/i.test(message))
    return hasBegun
      ? new BadArchive(`the archive is damaged: ${message}; nothing was imported. Export it again, or copy it again`)
      : notAnArchive();
  return cause;
}

async function contentOf(entry: Entry, limit: number): Promise<Buffer> {
  if ((entry.header.size ?? 0) > limit)
    throw new BadArchive(
      `the archive has an entry of ${entry.header.size} bytes, ${JSON.stringify(entry.header.name)}; nothing was imported`,
    );
  return buffer(entry);
}

async function jsonOf(entry: Entry): Promise<unknown> {
  try {
    return JSON.parse((await contentOf(entry, LARGEST_MANIFEST * 16)).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function parsed<T>(schema: { safeParse(value: unknown): { success: boolean; data?: T } }, json: unknown, name: string): T {
  const { data } = schema.safeParse(json);
  if (data === undefined) throw new BadArchive(`the archive’s ${name} cannot be read; nothing was imported`);
  return data;
}

/** A row of an archive, with exactly the columns of its table. */
function rowOf(line: string, { name, columns }: TableModel): Row {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    row = undefined;
  }
  const given = typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as Record<string, unknown>) : {};
  const fits = ({ name: column, isNumber }: (typeof columns)[number]) => {
    const value = given[column];
    return value === null || (isNumber ? Number.isSafeInteger(value) : typeof value === 'string');
  };
  if (Object.keys(given).length !== columns.length || !columns.every(fits))
    throw new BadArchive(`the archive has a row of the table ${name} with other columns or types; nothing was imported`);
  return given as Row;
}
