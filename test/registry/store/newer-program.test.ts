import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { accessTables } from '../../../src/registry/access/tables';
import { startRegistry, TABLES } from '../../../src/registry/server';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { openStore } from '../../../src/registry/store/store';
import { type TableSet } from '../../../src/registry/store/metadata';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder, upstream } from '../helpers';
import { databaseOf, describePostgres } from '../postgres';

afterEach(cleanUp);

/** The tables as a later version may have them. */
const newer: TableSet = {
  ...accessTables,
  migrations: [
    ...accessTables.migrations,
    async (db) => void (await db.schema.createTable('of_a_later_version').addColumn('a', 'text').execute()),
  ],
};
const [known, later] = [accessTables.migrations.length, newer.migrations.length];
const WORDS = `the data was written by a newer version (schema access ${later}; this version knows ${known}); update repoform`;

describePostgres(() => {
  test('a program whose database a newer one brings up to date meanwhile answers 503 with both versions, and writes nothing more', async () => {
    const data = tempFolder();
    const databaseUrl = await databaseOf(data);
    const { url } = await registry({ data, databaseUrl, cleanEvery: 100 });
    const files = await upstream((request, response) => response.end(`content of ${request.url}`));
    await addRemote(url, { name: 'files', base_url: files.url });
    await addRemote(url, { name: 'own', repo_type: 'local' });
    await addRemote(url, { name: 'images', package_type: 'docker', repo_type: 'local' });
    const put = (name: string) => call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body: `content of ${name}` });
    const begun = new URL((await call('POST', `${url}/v2/images/app/blobs/uploads/`)).header('location') ?? '', url).href;
    const inMemory = () => call('GET', `${url}/api/v1/remote/files/x`);
    expect([(await inMemory()).text, (await inMemory()).header('x-artifact-source')]).toEqual(['content of /x', 'cache']);

    // Some come while the tables change, and until the next heartbeat.
    const statuses: number[] = [];
    let isOver = false;
    const writer = (async () => {
      for (let n = 0; !isOver; n++) statuses.push((await put(`during-${n}`)).status);
    })();
    while (statuses.length < 5) await sleep(5);
    const store = await openStore(data, [...TABLES.filter(({ name }) => name !== newer.name), newer], {
      database: readDatabase(databaseUrl, {}),
    });
    afterwards(() => store.close());
    while (statuses.at(-1) !== 503) await sleep(20);
    for (let more = statuses.length + 5; statuses.length < more;) await sleep(5);
    isOver = true;
    await writer;
    const written = statuses.indexOf(503);
    expect(new Set(statuses.slice(0, written))).toEqual(new Set([201]));
    expect(new Set(statuses.slice(written))).toEqual(new Set([503]));
    // Of the one that was under way at that moment, nobody knows.
    const paths = (await store.files.within('own')).map(({ path }) => path).filter((path) => path !== `during-${written}`);
    expect(paths.sort()).toEqual(Array.from({ length: written }, (_, n) => `during-${n}`).sort());

    // Something to clean up.
    await store.blobs.receive(Readable.from([Buffer.from('of no use')]));
    await store.metadata.tables<{ blobs: { created_at: string } }>().updateTable('blobs').set({ created_at: '2000' }).execute();
    const before = await everythingIn(databaseUrl);
    const asked = files.requests.length;
    for (const [what, request] of Object.entries({
      'read of a file in memory': inMemory,
      'read of a local file': () => call('GET', `${url}/api/v1/local/own/during-0`),
      'read of the configuration': () => call('GET', `${url}/api/v2/remotes`),
      fetch: () => call('GET', `${url}/api/v1/remote/files/y`),
      upload: () => put('later'),
      'continued upload': () => call('PATCH', begun, { body: 'content' }),
      deletion: () => call('DELETE', `${url}/api/v2/remotes/own/files/during-0`),
      eviction: () => call('DELETE', `${url}/api/v2/remotes/files/objects/x`),
      'new configuration': () =>
        call('POST', `${url}/api/v2/remotes`, { body: { name: 'new', package_type: 'generic', base_url: files.url } }),
      readiness: () => call('GET', `${url}/readyz`),
    })) {
      const { status, text } = await request();
      expect([what, status, text]).toEqual([what, 503, expect.stringContaining(WORDS)]);
    }
    expect((await call('GET', `${url}/livez`)).status).toBe(200);
    // Neither do clean-up, counting and leases, some of which wait for a second.
    await sleep(2500);
    expect([await everythingIn(databaseUrl), files.requests.length, readdirSync(join(data, 'tmp'))]).toEqual([before, asked, []]);
    await expect(startRegistry({ port: 0, data, databaseUrl })).rejects.toThrow(WORDS);
  });
});

/** All rows of all tables. */
async function everythingIn(url: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      'select tablename as name from pg_tables where schemaname = current_schema()',
    );
    const texts = tables.map(({ name }) => `select '${name}' as name, t::text from ${name} t`);
    return (await client.query(`${texts.join(' union all ')} order by 1, 2`)).rows;
  } finally {
    await client.end();
  }
}
