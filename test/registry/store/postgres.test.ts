import { join } from 'node:path';
import { sql } from 'kysely';
import { type BkArtifactTables } from '../../../src/registry/backends/bkrepo/artifacts/tables';
import { copyRows, tablesOf } from '../../../src/registry/maintenance/transfer';
import { startRegistry, TABLES } from '../../../src/registry/server';
import { coreTables } from '../../../src/registry/store/core-tables';
import { generatedTables } from '../../../src/registry/store/generated';
import { leaseTables } from '../../../src/registry/store/postgres/leases';
import { revisionTables } from '../../../src/registry/store/postgres/revisions';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { openStore, type Store } from '../../../src/registry/store/store';
import { afterwards, call, cleanUp, openTestStore, registry, tempFolder } from '../helpers';
import { quiet } from '../maintenance/support';
import { databaseOf, describePostgres, everyTestOf } from '../postgres';

describePostgres(() => {
  describe('what holds for every store', () =>
    everyTestOf(__dirname, ['blobs', 'collection', 'metadata', 'uploads', 'kept', 'pages', 'owners', 'figures', 'migrations']));

  describe('what stands on the store', () =>
    everyTestOf(join(__dirname, '..'), ['formats/local', 'bkrepo/artifacts/packages', 'bkrepo/artifacts/blocks']));

  afterEach(cleanUp);

  const open = async (url: string, folder = tempFolder(), sets = TABLES) => {
    const store = await openStore(folder, sets, { database: readDatabase(url, {}) });
    afterwards(() => store.close());
    return store;
  };
  const row = { repo_type: 'local', package_type: 'generic', created_at: '', updated_at: '' };

  test('processes that begin at once with nothing make the tables once, and share folder and tables', async () => {
    const folder = tempFolder();
    const url = await databaseOf(folder);
    const stores = await Promise.all(Array.from({ length: 5 }, () => open(url, folder)));
    const { rows } = await sql`select key, value from meta where key like 'schema%' order by key`.execute(stores[0]!.metadata.tables());
    const sets = [...TABLES, coreTables, generatedTables, leaseTables, revisionTables];
    const versions = sets.map(({ name, migrations }) => ({ key: `schema.${name}`, value: String(migrations.length) }));
    expect(rows).toEqual([{ key: 'schema', value: '8' }, ...versions].sort((a, b) => (a.key < b.key ? -1 : 1)));
    await stores[1]!.repositories.createRemote({ ...unsetRemoteSettings, ...row, name: 'x' });
    expect(await Promise.all(stores.map(async ({ repositories }) => (await repositories.remote('x'))?.name))).toEqual(Array(5).fill('x'));
  });

  test('a change is seen by another process with its next read', async () => {
    const folder = tempFolder();
    const url = await databaseOf(folder);
    const [one, other] = [await open(url, folder), await open(url, folder)];
    await one.repositories.createRemote({ ...unsetRemoteSettings, ...row, name: 'x' });
    for (let n = 0; n < 20; n++) {
      await one.repositories.changeRemote('x', (old) => ({ ...old, blocklist: [String(n)] }));
      expect((await other.repositories.remote('x'))?.blocklist).toEqual([String(n)]);
    }
  });

  test('texts are sorted and compared byte by byte in a database that sorts as people do, and numbers are numbers', async () => {
    const store = await openTestStoreOnPostgres();
    await store.repositories.createRemote({ ...unsetRemoteSettings, ...row, name: 'l' });
    const { hash } = await store.blobs.receive(bytes('x'));
    const paths = ['B', 'a', 'Z/1', 'a/b', 'a-b', 'ä', '_', '\u{1f600}', '\uffee', 'A'];
    for (const path of paths) await store.files.add({ repo: 'l', path, hash, content_type: '', metadata: '', created_at: '' });
    const sorted = [...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect((await store.files.within('l')).map(({ path }) => path)).toEqual(sorted);
    expect((await store.files.within('l', 'a/')).map(({ path }) => path)).toEqual(['a/b']);
    const { rows } = await sql`select sum(size) as sum, count(*) as n, max(size) as size from blobs`.execute(store.metadata.tables());
    expect(rows).toEqual([{ sum: 1, n: 1, size: 1 }]);
  });

  test('rows that are copied are found by the right index while the others are, which nobody else sees yet', async () => {
    const [source, target] = [await openTestStoreOnPostgres(), await openTestStoreOnPostgres()];
    const signed = { created_by: '', created_at: '', modified_by: '', modified_at: '' };
    const packages = source.metadata.tables<BkArtifactTables>().insertInto('bkrepo_packages');
    const rows = Array.from({ length: 300 }, (_, n) => ({
      project: 'p',
      repo: 'r',
      key: `k${n}`,
      id: `${n}`,
      name: 'n',
      type: 'NPM',
      ...signed,
    }));
    await packages.values(rows.map((each) => ({ ...each, description: null }))).execute();
    await copyRows(source, target, { report: quiet, tables: await tablesOf(target) });
    // Each version looks for its package by project, repository and key; another index has the first two of these.
    const known = sql<{ attname: string }>`select attname from pg_stats where tablename = 'bkrepo_packages' and n_distinct = 1 order by 1`;
    expect((await known.execute(target.metadata.tables())).rows.map(({ attname }) => attname)).toEqual(
      expect.arrayContaining(['project', 'repo']),
    );
  });

  test('every table that keeps blobs references them: a reference is what stops a collection at the last moment', async () => {
    const store = await openTestStoreOnPostgres();
    const { rows } = await sql<{ name: string }>`select r.relname as name from pg_constraint c join pg_class r on r.oid = c.conrelid
      where c.contype = 'f' and c.confrelid = to_regclass('blobs') order by 1`.execute(store.metadata.tables());
    expect(rows.map(({ name }) => name)).toEqual([coreTables, generatedTables, ...TABLES].flatMap(({ keepers = [] }) => keepers).sort());
  });

  test('a name that PostgreSQL cannot store is refused in words, and one that it stores differently is none', async () => {
    const { url } = await registry({ databaseUrl: await databaseOf(tempFolder()) });
    const post = (name: string) =>
      call('POST', `${url}/api/v2/remotes`, { body: { name, package_type: 'generic', base_url: 'http://x.example' } });
    expect([(await post('a\0b')).status, (await post('\ud800')).status]).toEqual([400, 400]);
    expect((await post('l')).status).toBe(201);
    expect((await call('GET', `${url}/api/v1/remote/l/a%00b`)).status).toBe(400);
  });

  test('a database of another program is refused, and a folder of another database', async () => {
    const folder = tempFolder();
    const url = await databaseOf(folder);
    const other = await databaseOf(tempFolder());
    const store = await open(url, folder);
    await expect(open(other, folder)).rejects.toThrow(`the data folder ${folder} belongs to another database`);
    await expect(openStore(folder, TABLES)).rejects.toThrow(`the data folder ${folder} has its metadata in PostgreSQL`);
    const sqlite = tempFolder();
    await (await openStore(sqlite, TABLES)).close();
    await expect(open(url, sqlite)).rejects.toThrow(`the data folder ${sqlite} has its metadata in a file of its own`);
    const foreign = await databaseOf(tempFolder());
    const schema = /search_path%3D(\w+)/.exec(foreign)?.[1] ?? '';
    await sql.raw(`create table ${schema}.meta (key text)`).execute(store.metadata.tables());
    await sql.raw(`create view ${schema}.invoices as select 1 as n`).execute(store.metadata.tables());
    const refusal = 'has tables of another program (invoices, meta); give the registry a database of its own';
    await expect(open(foreign)).rejects.toThrow(refusal);
    await sql.raw(`drop view ${schema}.invoices`).execute(store.metadata.tables());
    // Tables that this user may not read are there all the same.
    const role = `reader_${schema}`;
    await sql.raw(`create role ${role} login; grant usage, create on schema ${schema} to ${role}`).execute(store.metadata.tables());
    const asReader = foreign.replace(/\/\/[^@]*@/, `//${role}@`);
    await expect(open(asReader)).rejects.toThrow('has tables of another program (meta); give the registry a database of its own');
    await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(store.metadata.tables());
  });

  test('a newer version is refused with both versions, and one that comes while this runs ends its use', async () => {
    const folder = tempFolder();
    const url = await databaseOf(folder);
    const { metadata } = await open(url, folder);
    const waiting = sql`select pg_sleep(60)`.execute(metadata.tables()).catch((cause: unknown) => cause);
    const newer = { name: 'core', migrations: [...coreTables.migrations, () => Promise.resolve()] };
    await metadata
      .tables<{ meta: { key: string; value: string } }>()
      .updateTable('meta')
      .set({ value: String(newer.migrations.length) })
      .where('key', '=', 'schema.core')
      .execute();
    const words = `the data was written by a newer version (schema core ${newer.migrations.length}; this version knows ${coreTables.migrations.length}); update repoform`;
    await expect(open(url, folder)).rejects.toThrow(words);
    await expect(until(async () => metadata.ping())).rejects.toMatchObject({ status: 503, message: words });
    // Who waits for an answer at that time gets the same.
    expect(await waiting).toMatchObject({ status: 503, message: words });
  });

  test.each([
    ['nobody:hush', 'postgres', 'password authentication failed|role "nobody" does not exist', 'check the user "nobody" and its password'],
    ['registry:hush', 'nothing', 'database "nothing" does not exist', 'create it first, e.g. by "createdb --encoding=UTF8 nothing"'],
  ])('wrong credentials are named without being shown (%s at %s)', async (...words) => {
    const [login, database, reason, advice] = words;
    const url = (await databaseOf(tempFolder())).replace('registry@', `${login}@`).replace('/postgres?', `/${database}?`);
    const failure: Error = await startRegistry({ port: 0, data: tempFolder(), databaseUrl: url }).then(
      () => new Error('started'),
      (cause: unknown) => cause as Error,
    );
    expect(failure.message).toMatch(
      new RegExp(`^the database ${database} at 127.0.0.1:\\d+ cannot be used: .*(?:${reason}).*; ${advice}$`),
    );
    expect(JSON.stringify([failure, failure.stack, Object.entries(failure)])).not.toContain('hush');
  });

  test('transactions that collide are run again, also those of several processes', async () => {
    const folder = tempFolder();
    const url = await databaseOf(folder);
    const stores = await Promise.all([open(url, folder), open(url, folder)]);
    await stores[0].repositories.createRemote({ ...unsetRemoteSettings, ...row, name: 'x' });
    const add = (n: number) => stores[n % 2]!.repositories.changeRemote('x', (old) => ({ ...old, patterns: [...old.patterns, String(n)] }));
    await Promise.all(Array.from({ length: 20 }, (_, n) => add(n)));
    expect((await stores[0].repositories.remote('x'))?.patterns).toHaveLength(20);
  });

  async function openTestStoreOnPostgres(): Promise<Store> {
    const store = await openTestStore(tempFolder());
    afterwards(() => store.close());
    return store;
  }
});

async function* bytes(text: string) {
  yield await Promise.resolve(Buffer.from(text));
}

/** Does something again until it fails or ten seconds have passed. */
async function until(step: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    await step();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
