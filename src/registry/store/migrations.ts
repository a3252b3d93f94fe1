import { type MetadataStore, type TableSet } from './metadata';

interface MetaTables {
  meta: { key: string; value: string };
}

/** Since this schema each part counts its own migrations; before it, all were counted together, and versions from then refuse it. */
const COUNTED_APART = 8;

/** Brings the tables of every part to their present form; refuses a database that a newer version wrote. */
export async function migrate(metadata: MetadataStore, sets: readonly TableSet[]): Promise<void> {
  await metadata
    .tables<MetaTables>()
    .schema.createTable('meta')
    .ifNotExists()
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text')
    .execute();
  await countApart(metadata, sets);
  for (const set of sets) {
    const version = (await numberOf(metadata, keyOf(set))) ?? 0;
    if (version > set.migrations.length) throw newer(`${set.name} ${version}`);
    for (const [index, step] of set.migrations.entries()) {
      if (index < version) continue;
      await metadata.transaction(async (inside) => {
        await step(inside.tables());
        await note(inside, keyOf(set), index + 1);
      });
    }
  }
}

/** Writes down how far each part is, as the number for all of them together tells. */
async function countApart(metadata: MetadataStore, sets: readonly TableSet[]): Promise<void> {
  const schema = (await numberOf(metadata, 'schema')) ?? 0;
  if (schema > COUNTED_APART) throw newer(String(schema));
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

function newer(schema: string): Error {
  return new Error(`the data folder was written by a newer version (schema ${schema}); update repoform`);
}
