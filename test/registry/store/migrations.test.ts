import { sql } from 'kysely';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { openStore } from '../../../src/registry/store/store';
import { cleanUp, tempFolder } from '../helpers';

afterEach(cleanUp);

const about = { name: 'a', repo_type: 'remote', package_type: 'docker', created_at: 'then', updated_at: 'now' };

/** The folder as a version left it that had a column for each setting. */
async function folderOfOldVersion(): Promise<string> {
  const folder = tempFolder();
  const store = await openStore(folder);
  const { db } = store;
  await sql`drop table kubesphere_documents`.execute(db);
  await sql`drop table remotes`.execute(db);
  await sql`create table remotes (name text primary key, repo_type text not null, package_type text not null, base_url text not null,
    description text not null, username text not null, password text not null, immutable_ttl bigint not null, mutable_ttl bigint not null,
    patterns text not null, blocklist text not null, mutable_patterns text not null, immutable_patterns text not null,
    ban_tags text not null, ban_tags_enabled integer not null, created_at text not null, updated_at text not null)`.execute(db);
  await sql`insert into remotes values ('a', 'remote', 'docker', 'https://registry.example.com', 'Images', 'ci', 'hush', 0, 300,
    '["^library/"]', '[]', '["x"]', '[]', '["^latest$"]', 1, 'then', 'now')`.execute(db);
  await db.updateTable('meta').set({ value: '5' }).where('key', '=', 'schema').execute();
  await store.close();
  return folder;
}

test('the settings of a remote survive the step that makes them one object', async () => {
  const store = await openStore(await folderOfOldVersion());
  try {
    const { password, ...remote } = (await store.repositories.remote('a'))!;
    expect(password.reveal()).toBe('hush');
    expect(remote).toEqual({
      ...about,
      base_url: 'https://registry.example.com',
      description: 'Images',
      username: 'ci',
      immutable_ttl: 0,
      mutable_ttl: 300,
      patterns: ['^library/'],
      blocklist: [],
      mutable_patterns: ['x'],
      immutable_patterns: [],
      ban_tags: ['^latest$'],
      ban_tags_enabled: true,
    });
    const { rows } = await sql<{ name: string }>`select name from pragma_table_info('remotes')`.execute(store.db);
    expect(rows.map(({ name }) => name)).toEqual(['name', 'repo_type', 'package_type', 'created_at', 'updated_at', 'settings']);
  } finally {
    await store.close();
  }
});

test('a setting that is younger than the data has the value of one that is not given', async () => {
  const store = await openStore(tempFolder());
  try {
    await store.db
      .insertInto('remotes')
      .values({ ...about, settings: '{"base_url":"https://x.example.com"}' })
      .execute();
    expect(await store.repositories.remote('a')).toEqual({ ...unsetRemoteSettings, ...about, base_url: 'https://x.example.com' });
  } finally {
    await store.close();
  }
});
