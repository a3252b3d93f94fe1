import { type Kysely, sql } from 'kysely';
import { type Logger } from '../../logger';
import { claimFolder } from '../folder-lock';
import { identityOf } from '../identity';
import { type TableSet } from '../metadata';
import { migrate, newerSchema } from '../migrations';
import { type OpenMetadata } from '../store';
import { leaseTables, PostgresLeases } from './leases';
import { Link } from './link';
import { type Logged, PostgresMetadata } from './metadata';
import { revisionTables } from './revisions';
import { type DatabaseTarget, nameOf } from './target';

interface MetaTables {
  meta: { key: string; value: string };
}

/** How many tables of others a refusal names. */
const NAMED = 5;

/** What a database is opened with. */
interface Opening {
  readonly folder: string;
  readonly sets: readonly TableSet[];
  readonly target: DatabaseTarget;
  readonly connections: number;
  readonly logger: Logger;
  readonly log?: Logged;
  /** Whether a database that has no tables is refused. */
  readonly mustExist: boolean;
}

/** Opens metadata in PostgreSQL, of which the folder keeps the blobs; of processes that do so at once, one makes the tables. */
export async function openPostgres({ folder, sets: given, target, connections, logger, log, mustExist }: Opening): Promise<OpenMetadata> {
  const sets = [...given, revisionTables, leaseTables];
  let isReady = false;
  // A newer version that is started beside this one changes the tables under it.
  const judge = async (query: (sql: string) => Promise<readonly Record<string, unknown>[]>) =>
    isReady ? newerSchema((await query('select key, value from meta')) as MetaTables['meta'][], sets) : undefined;
  const link = await Link.open({ target, connections, logger, judge });
  const metadata = PostgresMetadata.over(link, log);
  try {
    const identity = await metadata.alone(async (inside) => {
      await refuseForeign(inside.tables<MetaTables>(), target, mustExist);
      await migrate(inside, sets);
      return identityOf(inside);
    });
    isReady = true;
    claimFolder(folder, identity);
    const leases = new PostgresLeases(metadata.tables());
    const release = async () => {
      await leases.close();
      await metadata.close();
    };
    return { metadata, leases, shared: true, release };
  } catch (cause) {
    await metadata.close().catch(() => undefined);
    throw cause;
  }
}

/** Tables of other programs can have our names: a database or schema with any of those is refused; one with none may be. */
async function refuseForeign(db: Kysely<MetaTables>, target: DatabaseTarget, mustExist: boolean): Promise<void> {
  const { rows: encodings } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db);
  const encoding = encodings[0]?.server_encoding;
  if (encoding !== 'UTF8') throw new Error(`the database ${nameOf(target)} has the encoding ${encoding}; create it with the encoding UTF8`);
  const names = await tablesIn(db);
  const isOurs = names.includes('meta') && names.includes('repository_names');
  if (names.length === 0 && mustExist)
    throw new Error(
      `there is no registry in the database ${nameOf(target)}; check the name of the database, and of the schema if you set one`,
    );
  if (names.length === 0 || isOurs) return;
  const some = names.slice(0, NAMED).join(', ');
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  throw new Error(
    `the database ${nameOf(target)} has tables of another program (${some}${more}); give the registry a database of its own: createdb --encoding=UTF8 NAME`,
  );
}

/** What the schema has, also what this user may not read; without what belongs to extensions. */
async function tablesIn(db: Kysely<MetaTables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select c.relname as name from pg_catalog.pg_class c
    where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = current_schema())
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by c.relname`.execute(db);
  return rows.map(({ name }) => name);
}
