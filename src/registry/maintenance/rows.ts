import { createHash } from 'node:crypto';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type MetadataStore } from '../store/metadata';
import { type TableModel } from './model';

/** A row as it is in every engine: texts, whole numbers and nulls. */
export type Row = Readonly<Record<string, string | number | null>>;

/** What tells two tables with the same rows from others. */
export interface TableSum {
  readonly rows: number;
  /** The sum of the SHA-256 of all rows, whose order does not matter. */
  readonly digest: string;
}

type AnyTables = Record<string, Record<string, unknown>>;

const PAGE = 500;
const MODULUS = 1n << 256n;

/** All rows of a table, or those that meet a condition, by its key, in pages. */
export async function* pagesOf(
  metadata: MetadataStore,
  table: TableModel,
  condition?: RawBuilder<SqlBool>,
): AsyncGenerator<readonly Row[], void> {
  const db = metadata.tables<AnyTables>();
  const key = sql.join(table.key.map((column) => sql.ref(column)));
  for (let last: Row | undefined; ;) {
    let query = db.selectFrom(table.name).select(table.columns.map(({ name }) => name));
    const after = last;
    if (after) query = query.where(sql<boolean>`(${key}) > (${sql.join(table.key.map((column) => after[column]))})`);
    if (condition) query = query.where(condition);
    for (const column of table.key) query = query.orderBy(column);
    const rows = (await query.limit(PAGE).execute()).map((row) => plainOf(row, table));
    last = rows.at(-1);
    if (!last) return;
    yield rows;
  }
}

/** Adds rows to a table; those that are there already stay as they are. */
export async function insertRows(metadata: MetadataStore, table: TableModel, rows: readonly Row[]): Promise<void> {
  // Engines limit how many values a statement has.
  const each = Math.max(1, Math.floor(900 / table.columns.length));
  for (let from = 0; from < rows.length; from += each) {
    const insert = metadata
      .tables<AnyTables>()
      .insertInto(table.name)
      .values(rows.slice(from, from + each));
    await insert.onConflict((c) => c.doNothing()).execute();
  }
}

/** Adds up rows. */
export class Sum {
  #rows = 0;
  #sum = 0n;

  add(row: Row, { columns }: TableModel): void {
    const text = JSON.stringify(columns.map(({ name }) => row[name] ?? null));
    this.#sum = (this.#sum + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % MODULUS;
    this.#rows++;
  }

  get value(): TableSum {
    return { rows: this.#rows, digest: this.#sum.toString(16).padStart(64, '0') };
  }
}

/** What the rows of a table add up to. */
export async function sumOf(metadata: MetadataStore, table: TableModel): Promise<TableSum> {
  const sum = new Sum();
  for await (const page of pagesOf(metadata, table)) for (const row of page) sum.add(row, table);
  return sum.value;
}

/** Whether there are any rows. */
export async function hasRows(metadata: MetadataStore, table: TableModel): Promise<boolean> {
  const query = metadata
    .tables<AnyTables>()
    .selectFrom(table.name)
    .select(table.key[0] ?? '')
    .limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

function plainOf(row: Readonly<Record<string, unknown>>, { columns }: TableModel): Row {
  return Object.fromEntries(
    columns.map(({ name, isNumber }) => {
      const value = row[name] as string | number | null;
      return [name, value !== null && isNumber ? Number(value) : value];
    }),
  );
}
