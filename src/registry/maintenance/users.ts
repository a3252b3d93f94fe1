import { type Store } from '../store/store';
import { type TableModel } from './model';

/** Content that the registry can get again by itself. */
interface Renewal {
  /** What brings it back. */
  readonly how: string;
  /** Removes all that refers to the content. */
  forget(store: Store, hash: string): Promise<void>;
}

/** By the table that refers to it. */
const RENEWALS: Readonly<Record<string, Renewal>> = {
  artifacts: { how: 'the next request fetches it again', forget: ({ artifacts }, hash) => artifacts.evictContent(hash) },
  generated_files: { how: 'the next request generates it again', forget: ({ generated }, hash) => generated.evictContent(hash) },
};

/** What refers to some content. */
export interface Users {
  /** The first row of each table, in words; empty if nothing does. */
  readonly text: string;
  /** What brings the content back; undefined unless the registry can get it again for all that refers to it. */
  readonly renewal: string | undefined;
  /** Removes what can be brought back. */
  forget(): Promise<void>;
}

/** What people do about content that the registry cannot get again. */
export const REMEDY = 'delete the file, and upload it again if you have it';

/** Looks for what refers to some content. */
export async function usersOf(store: Store, hash: string, tables: readonly TableModel[]): Promise<Users> {
  const keepers = await store.known.keepersOf(hash);
  const named = keepers.map(
    ({ table, row }) =>
      `${table}: ${namesIn(
        row,
        tables.find(({ name }) => name === table),
      )}`,
  );
  const renewals = keepers.flatMap(({ table }) => RENEWALS[table] ?? []);
  const isRenewable = keepers.length > 0 && renewals.length === keepers.length;
  return {
    text: named.join('; '),
    renewal: isRenewable ? renewals.map(({ how }) => how).join(', ') : undefined,
    async forget() {
      for (const each of renewals) await each.forget(store, hash);
    },
  };
}

/** The texts of a row that say which one it is. */
function namesIn(row: Readonly<Record<string, unknown>>, table: TableModel | undefined): string {
  return (table?.names ?? []).flatMap((name) => (typeof row[name] === 'string' && row[name] !== '' ? [row[name]] : [])).join(' ');
}
