import { type MetadataStore, type TableSet } from './metadata';

interface MetaTables {
  meta: { key: string; value: string };
}

/** Since this schema each part counts its own migrations; before it, all were counted together, and versions from then refuse it. */
const COUNTED_APART = 8;

/** Brings the tables of every part to their present form; refuses tables that a newer version wrote, with the versions of both. */
export async function migrate(metadata: MetadataStore, sets: readonly TableSet[]): Promise<void> {
  await metadata
    .tables<MetaTables>()
    .schema.createTable('meta')
    .ifNotExists()
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text')
    .execute();
  const newer = newerSchema(await metadata.tables<MetaTables>().selectFrom('meta').selectAll().execute(), sets);
  if (newer !== undefined) throw new Error(newer);
  await countApart(metadata, sets);
  for (const set of sets) {
    const version = (await numberOf(metadata, keyOf(set))) ?? 0;
    for (const [index, step] of set.migrations.entries()) {
      if (index < version) continue;
      await metadata.transaction(async (inside) => {
        await step(inside.tables());
        await note(inside, keyOf(set), index + 1);
      });
    }
  }
}

/** What of the rows of `meta` only a newer version can have written, in words; undefined if nothing is. */
export function newerSchema(rows: readonly { key: string; value: string }[], sets: readonly TableSet[]): string | undefined {
  const known = new Map([['schema', COUNTED_APART], ...sets.map((set) => [keyOf(set), set.migrations.length] as const)]);
  const newer = rows.find(({ key, value }) => /^schema\b/.test(key) && Number(value) > (known.get(key) ?? 0));
  if (!newer) return undefined;
  const [, part] = newer.key.split('.');
  const named = part === undefined ? newer.value : `${part} ${newer.value}`;
  const mine = known.get(newer.key) ?? 0;
  return `the data was written by a newer version (schema ${named}; this version knows ${mine}); update repoform`;
}

/** Writes down how far each part is, as the number for all of them together tells. */
async function countApart(metadata: MetadataStore, sets: readonly TableSet[]): Promise<void> {
  const schema = (await numberOf(metadata, 'schema')) ?? 0;
  if (schema === COUNTED_APART) return;
  await metadata.transaction(async (inside) => {
    for (const set of sets) await note(inside, keyOf(set), (set.counted ?? []).filter((number) => number <= schema).length);
    await note(inside, 'schema', COUNTED_APART);
  });
}

function keyOf({ name }: TableSet): string {
  return `schema.${name}`;
}

async function numberOf(metadata: MetadataStore, key: string): Promise<number | undefined> {
  const row = await metadata.tables<MetaTables>().selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row && Number(row.value);
}

async function note(metadata: MetadataStore, key: string, version: number): Promise<void> {
  const value = String(version);
  const query = metadata.tables<MetaTables>().insertInto('meta').values({ key, value });
  await query.onConflict((c) => c.column('key').doUpdateSet({ value })).execute();
}
