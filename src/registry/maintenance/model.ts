import { Kysely, sql } from 'kysely';
import { KyselyMetadata, type TableSet } from '../store/metadata';
import { migrate } from '../store/migrations';
import { wasmDialect } from '../store/wasm-dialect';

/** A table of the registry, whichever engine it is in. */
export interface TableModel {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  /** The columns of its primary key. */
  readonly key: readonly string[];
  /** The columns that tell people which row it is: those of a unique index where there is one, otherwise the key. */
  readonly names: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

/** The tables that sets of migrations make and whose rows belong to their content, those first that others refer to. */
export async function modelOf(sets: readonly TableSet[]): Promise<TableModel[]> {
  const metadata = new KyselyMetadata(new Kysely({ dialect: wasmDialect(':memory:') }));
  try {
    await migrate(metadata, sets);
    const db = metadata.tables();
    const own = ['meta', ...sets.flatMap((set) => set.own ?? [])];
    const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`.execute(
      db,
    );
    const parents = new Map<string, readonly string[]>();
    const tables = new Map<string, TableModel>();
    for (const { name } of rows) {
      if (own.includes(name)) continue;
      const columns = (await sql<Column>`select name, type, pk from pragma_table_info(${name})`.execute(db)).rows;
      const references = await sql<{ table: string }>`select "table" from pragma_foreign_key_list(${name})`.execute(db);
      parents.set(
        name,
        references.rows.map(({ table }) => table),
      );
      const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
      if (key.length === 0) throw new Error(`the table ${name} has no primary key`);
      tables.set(name, {
        name,
        columns: columns.map(({ name: column, type }) => ({ name: column, isNumber: /int/i.test(type) })),
        key: key.map((column) => column.name),
        names: (await uniqueColumns(db, name)) ?? key.map((column) => column.name),
      });
    }
    return inOrder(tables, parents);
  } finally {
    await metadata.close();
  }
}

/** The columns of the first unique index of a table that is not its key. */
async function uniqueColumns(db: Kysely<unknown>, table: string): Promise<string[] | undefined> {
  const { rows } = await sql<{ name: string }>`select c.name from pragma_index_list(${table}) i, pragma_index_info(i.name) c
    where i."unique" = 1 and i.origin <> 'pk' and i.seq = (select min(seq) from pragma_index_list(${table}) where "unique" = 1 and origin <> 'pk')
    order by c.seqno`.execute(db);
  return rows.length > 0 ? rows.map(({ name }) => name) : undefined;
}

function inOrder(tables: ReadonlyMap<string, TableModel>, parents: ReadonlyMap<string, readonly string[]>): TableModel[] {
  const ordered = new Set<TableModel>();
  const add = (name: string) => {
    const table = tables.get(name);
    if (!table || ordered.has(table)) return;
    for (const parent of parents.get(name) ?? []) if (parent !== name) add(parent);
    ordered.add(table);
  };
  for (const name of tables.keys()) add(name);
  return [...ordered];
}
