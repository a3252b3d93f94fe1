import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { addRemote, afterwards, call, cleanUp, openTestStore, registry, tempFolder, upstream } from '../helpers';
import { findings } from '../maintenance/support';
import { databaseOf, describePostgres } from '../postgres';
import { smallDisk, testDisk } from '../small-disk';

afterEach(cleanUp);

testDisk('on a full disk, changes are 507 with a reason, reads go on, nothing is half written, and it recovers by itself', async () => {
  const disk = smallDisk();
  const { url: base_url } = await upstream((_request, response) => response.end('cached'));
  const data = join(disk, 'data');
  const { url } = await registry({ data });
  await addRemote(url, { name: 'own', repo_type: 'local' });
  // Expired at once: a copy that cannot be confirmed in the database.
  await addRemote(url, { name: 'files', base_url, mutable_ttl: 0, mutable_patterns: ['.*'] });
  const put = (name: string, size: number) => call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body: randomBytes(size) });
  expect((await put('kept', 1_000_000)).status).toBe(201);
  expect((await call('GET', `${url}/api/v1/remote/files/a`)).text).toBe('cached');
  const tooLarge = await put('large', 30_000_000);
  expect([tooLarge.status, tooLarge.text]).toEqual([507, expect.stringMatching(/its disk seems to be full: .*ENOSPC/)]);
  expect(readdirSync(join(data, 'tmp'))).toEqual([]);

  const filler = join(disk, 'filler');
  for (const size of [1 << 20, 1 << 12, 64]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch (cause) {
      expect((cause as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
  }
  const create = (name: string) =>
    call('POST', `${url}/api/v2/remotes`, {
      body: { name, repo_type: 'local', package_type: 'generic', description: 'x'.repeat(100_000) },
    });
  const [created, again] = [await create('new'), await create('new')];
  for (const { status, text } of [created, again]) expect([status, text]).toEqual([507, expect.stringContaining('disk seems to be full')]);
  expect((await call('GET', `${url}/api/v2/remotes/new`)).status).toBe(404);
  expect((await call('GET', `${url}/api/v1/local/own/kept`)).status).toBe(200);
  const stale = await call('GET', `${url}/api/v1/remote/files/a`);
  expect([stale.status, stale.text, stale.header('x-artifact-stale')]).toEqual([200, 'cached', 'true']);

  rmSync(filler);
  expect((await create('new')).status).toBe(201);
  expect((await put('more', 1000)).status).toBe(201);
});

describePostgres(() => {
  test('when the disk of the database is full, the same holds, and the connections stay as they are', async () => {
    const { url: base_url } = await upstream((_request, response) => response.end('cached'));
    const data = tempFolder();
    const words: string[] = [];
    const note = (message: string) => void words.push(message);
    const { url } = await registry({ data, logger: { info: note, warn: note, error: note } });
    await addRemote(url, { name: 'own', repo_type: 'local' });
    await addRemote(url, { name: 'files', base_url, mutable_ttl: 0, mutable_patterns: ['.*'] });
    const put = (name: string) => call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body: randomBytes(100_000) });
    const create = () => call('POST', `${url}/api/v2/remotes`, { body: { name: 'new', repo_type: 'local', package_type: 'generic' } });
    expect((await put('kept')).status).toBe(201);
    expect((await call('GET', `${url}/api/v1/remote/files/a`)).text).toBe('cached');
    const database = new Client({ connectionString: await databaseOf(data) });
    await database.connect();
    afterwards(() => database.end());
    await database.query(`create function full_disk() returns trigger language plpgsql as $$ begin
      raise sqlstate '53100' using message = 'could not extend file "base/1/2": No space left on device'; end $$`);

    for (const [table, change] of [
      ['blobs', () => put('new')],
      ['file_revisions', () => put('new')],
      ['remotes', create],
    ] as const) {
      await database.query(`create trigger full_disk before insert or update on ${table} execute function full_disk()`);
      const before = await rowsOf(database);
      const { status, text } = await change();
      expect([table, status, text]).toEqual([table, 507, expect.stringContaining('its disk seems to be full: could not extend file')]);
      expect([table, await rowsOf(database), readdirSync(join(data, 'tmp'))]).toEqual([table, before, []]);
      expect([table, (await call('GET', `${url}/api/v1/local/own/kept`)).status]).toEqual([table, 200]);
      const copy = await call('GET', `${url}/api/v1/remote/files/a`);
      const isStale = table === 'blobs' ? 'true' : null;
      expect([table, copy.status, copy.text, copy.header('x-artifact-stale')]).toEqual([table, 200, 'cached', isStale]);
      await database.query(`drop trigger full_disk on ${table}`);
    }

    expect([(await create()).status, (await put('new')).status]).toEqual([201, 201]);
    expect((await call('GET', `${url}/readyz`)).status).toBe(200);
    expect(words.filter((each) => /database/.test(each))).toEqual([]);
    const store = await openTestStore(data);
    expect(await findings(store)).toEqual([]);
  });
});

/** What changes are to be made to as a whole. */
async function rowsOf(database: Client): Promise<unknown> {
  const tables = ['local_files', 'file_revisions', 'remotes', 'repository_names'];
  const texts = tables.map((table) => `select '${table}' as name, t::text from ${table} t`);
  return (await database.query(`${texts.join(' union all ')} order by 1, 2`)).rows;
}
