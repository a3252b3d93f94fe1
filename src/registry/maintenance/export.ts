import { once } from 'node:events';
import { type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { pack, type Pack } from 'tar-stream';
import { version } from '../../common/version';
import { BlobMissing } from '../store/blobs';
import { withHold } from '../store/holds';
import { type MetadataStore, type SecretRule, type TableSet } from '../store/metadata';
import { type Store } from '../store/store';
import { type End, END, FORMAT, MANIFEST, type Manifest } from './archive';
import { type TableModel } from './model';
import { type Report } from './report';
import { pagesOf, type Row, Sum } from './rows';
import { BLOBS, tablesOf } from './transfer';

/** What an archive has. */
export interface ExportCounts {
  readonly blobs: number;
  readonly bytes: number;
  /** How much content was missing from the store. */
  readonly missing: number;
}

/** What goes into an archive. */
export interface ExportOptions {
  /** Passwords, tokens, users and private keys as well. */
  readonly secrets: boolean;
}

/** How an archive is written. */
export interface ExportParts {
  readonly options: ExportOptions;
  readonly output: Writable;
  readonly report: Report;
  /** Called with what the archive has before its last byte is written. @default - nobody is told before */
  readonly told?: (counts: ExportCounts) => void;
}

/** Writes configuration and content, as they are at one moment, to a stream as a tar archive. The registry may go on meanwhile. */
export async function exportTo(store: Store, { options, output, report, told }: ExportParts): Promise<ExportCounts> {
  const archive = pack();
  const sent = pipeline(archive as unknown as Readable, output);
  // A reader that is gone ends the writing below too.
  sent.catch(() => archive.destroy());
  const write = (frozen: MetadataStore) => new Exporter(store, archive, report).write(frozen, options);
  const writing = withHold(store.metadata, () => store.metadata.snapshot(write)).then(({ blobs, bytes, missing }) => {
    const counts = { blobs, bytes, missing: missing.length };
    told?.(counts);
    archive.finalize();
    return counts;
  });
  writing.catch((cause: Error) => archive.destroy(cause));
  const [counts] = await Promise.all([writing, sent]);
  return counts;
}

class Exporter {
  /** The condition that something refers to a blob: all others belong to nobody's content. */
  readonly #kept: RawBuilder<SqlBool>;
  readonly #end: End = { tables: {}, blobs: 0, bytes: 0, missing: [] };

  constructor(
    private readonly store: Store,
    private readonly archive: Pack,
    private readonly report: Report,
  ) {
    this.#kept = sql<SqlBool>`not ${store.known.unkept}`;
  }

  async write(frozen: MetadataStore, { secrets }: ExportOptions): Promise<End> {
    const { sets } = this.store;
    const manifest: Manifest = {
      format: FORMAT,
      created_at: new Date(this.store.metadata.now()).toISOString(),
      version,
      schema: Object.fromEntries(sets.map((set) => [set.name, set.migrations.length])),
      secrets,
    };
    await this.#add(MANIFEST, JSON.stringify(manifest));
    const tables = await tablesOf(this.store);
    for (const table of tables) await this.#addTable(frozen, table, secrets ? undefined : ruleFor(sets, table));
    const blobs = tables.find(({ name }) => name === BLOBS);
    if (blobs)
      for await (const page of pagesOf(frozen, blobs, this.#kept))
        for (const row of page) await this.#addBlob(String(row['hash']), Number(row['size']));
    await this.#add(END, JSON.stringify(this.#end));
    return this.#end;
  }

  async #addTable(frozen: MetadataStore, table: TableModel, rule: SecretRule | undefined): Promise<void> {
    const sum = new Sum();
    let pages = 0;
    for await (const page of pagesOf(frozen, table, table.name === BLOBS ? this.#kept : undefined)) {
      const rows = page.filter((row) => !rule?.isSecret?.(row)).map((row) => withoutPlace(rule ? withoutSecrets(row, rule) : row, table));
      for (const row of rows) sum.add(row, table);
      const name = `tables/${table.name}/${String(++pages).padStart(6, '0')}.ndjson`;
      await this.#add(name, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    }
    this.#end.tables[table.name] = sum.value;
  }

  async #addBlob(hash: string, size: number): Promise<void> {
    let content: Readable;
    try {
      content = await this.store.blobs.read(hash);
    } catch (cause) {
      if (!(cause instanceof BlobMissing)) throw cause;
      this.report.line(`${hash} is missing from the store; run "repoform registry fsck"`);
      this.#end.missing.push(hash);
      return;
    }
    await this.#add(`blobs/sha256/${hash}`, content, size);
    this.#end.blobs++;
    this.#end.bytes += size;
    this.report.progress(`exported ${this.#end.blobs} files`);
  }

  async #add(name: string, content: string | Readable, size = Buffer.byteLength(content as string)): Promise<void> {
    if (this.archive.destroyed) throw new Error('the reader of the archive is gone');
    const header = { name, size, mode: 0o600, mtime: new Date(0) };
    if (typeof content === 'string') {
      await new Promise<void>((resolve, reject) => this.archive.entry(header, content, (cause) => (cause ? reject(cause) : resolve())));
      return;
    }
    const entry = this.archive.entry(header);
    const done = once(entry, 'finish');
    await Promise.all([pipeline(content, entry as unknown as Writable), done]);
  }
}

function ruleFor(sets: readonly TableSet[], { name }: TableModel): SecretRule {
  return sets.flatMap(({ secrets = {} }) => (secrets[name] ? [secrets[name]] : []))[0] ?? {};
}

/** Where a blob is, is not for another store to know. */
function withoutPlace(row: Row, { name }: TableModel): Row {
  return name === BLOBS ? { ...row, place: '' } : row;
}

/** A row whose JSON documents have no secrets, nor any URL in them a password. */
function withoutSecrets(row: Row, { members = [] }: SecretRule): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === 'string' && /^[[{]/.test(value) ? scrubbed(value, members) : value,
    ]),
  );
}

function scrubbed(text: string, members: readonly string[]): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  return JSON.stringify(parsed, (name, value: unknown) => {
    if (members.includes(name)) return typeof value === 'string' ? '' : value === null ? null : {};
    return typeof value === 'string' ? value.replace(/^(\w+:\/\/)[^/@\s]*@/, '$1') : value;
  });
}
