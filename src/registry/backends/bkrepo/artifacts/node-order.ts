import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type BkNodeTable } from './tables';

/** A column that results are sorted by. */
export interface Order {
  readonly column: keyof BkNodeTable;
  readonly direction: 'asc' | 'desc';
}

/** The condition that a row comes after another one in an order. */
export function beyond([order, ...rest]: readonly Order[], row: Partial<BkNodeTable>): RawBuilder<SqlBool> {
  if (!order) return sql<SqlBool>`(1 = 0)`;
  const { column, direction } = order;
  const after = sql`${sql.ref(column)} ${direction === 'asc' ? sql`>` : sql`<`} ${row[column]}`;
  if (rest.length === 0) return sql<SqlBool>`(${after})`;
  return sql<SqlBool>`(${after} or (${sql.ref(column)} = ${row[column]} and ${beyond(rest, row)}))`;
}
