import { type RawBuilder, type SqlBool } from 'kysely';
import { type MetadataStore } from '../store/metadata';
import { type Store } from '../store/store';
import { modelOf, type TableModel } from './model';
import { type Report } from './report';
import { hasRows, insertRows, pagesOf, Sum, sumOf } from './rows';

/** The table of blobs, whose rows a store makes itself when it is given their content. */
export const BLOBS = 'blobs';

/** Where rows come from. */
export interface RowSource {
  readonly metadata: MetadataStore;
  /** The condition for rows of blobs. @default - all of them */
  readonly kept?: RawBuilder<SqlBool>;
}

/**
 * Copies all rows into a store that has none but those of blobs, and compares what is there then with what was read: all in one
 * transaction, so that nobody ever sees a part of it. The answer is the number of rows.
 */
export async function copyRows(
  from: RowSource,
  to: Store,
  { report, tables }: { report: Report; tables: readonly TableModel[] },
): Promise<number> {
  let copied = 0;
  await to.metadata.transactionOnce(async (inside) => {
    copied = 0;
    for (const table of tables) {
      const sum = new Sum();
      for await (const page of pagesOf(from.metadata, table, table.name === BLOBS ? from.kept : undefined)) {
        const rows = page.map((row) => (table.name === BLOBS ? { ...row, place: '' } : row));
        await insertRows(inside, table, rows);
        for (const row of rows) sum.add(row, table);
        copied += rows.length;
        report.progress(`copied ${copied} rows`);
      }
      // Rows of the tables that come next refer to these.
      await inside.survey(table.name);
      if (table.name === BLOBS) continue;
      const [expected, found] = [sum.value, await sumOf(inside, table)];
      if (expected.rows !== found.rows || expected.digest !== found.digest)
        throw new Error(
          `the table ${table.name} has ${found.rows} rows after copying ${expected.rows}, or other content; nothing was kept`,
        );
    }
  });
  return copied;
}

/** Throws if a store has content. */
export async function refuseContent(store: Store, tables: readonly TableModel[], remedy: string): Promise<void> {
  for (const table of tables)
    if (table.name !== BLOBS && (await hasRows(store.metadata, table)))
      throw new Error(`the target is not empty: its table ${table.name} has rows; ${remedy}`);
}

/** The tables of a store whose rows are moved. */
export function tablesOf({ sets }: Store): Promise<TableModel[]> {
  return modelOf(sets);
}
