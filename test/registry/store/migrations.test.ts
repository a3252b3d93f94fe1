import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { Nodes } from '../../../src/registry/backends/bkrepo/artifacts/nodes';
import { BkTables } from '../../../src/registry/backends/bkrepo/tables';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { type Tables } from '../../../src/registry/store/tables';
import { wasmDialect } from '../../../src/registry/store/wasm-dialect';
import { cleanUp, openTestStore, tempFolder, testSqlite } from '../helpers';

afterEach(cleanUp);

const about = { name: 'a', repo_type: 'remote', package_type: 'docker', created_at: 'then', updated_at: 'now' };

/** A folder with what an earlier version left in it: the tables of schema 7, and statements that take them to where it was. */
async function folderOf(statements: readonly string[]): Promise<string> {
  const folder = tempFolder();
  const db = new Kysely<unknown>({ dialect: wasmDialect(join(folder, 'registry.db')) });
  const tables = readFileSync(join(__dirname, 'schema-7.sql'), 'utf8').split(/;\n/).filter(Boolean);
  for (const statement of [...tables, ...statements]) await sql.raw(statement).execute(db);
  await db.destroy();
  return folder;
}

const SCHEMA_5 = [
  'drop table kubesphere_documents',
  'drop table remotes',
  `create table remotes (name text primary key, repo_type text not null, package_type text not null, base_url text not null,
    description text not null, username text not null, password text not null, immutable_ttl bigint not null, mutable_ttl bigint not null,
    patterns text not null, blocklist text not null, mutable_patterns text not null, immutable_patterns text not null,
    ban_tags text not null, ban_tags_enabled integer not null, created_at text not null, updated_at text not null)`,
  `insert into remotes values ('a', 'remote', 'docker', 'https://registry.example.com', 'Images', 'ci', 'hush', 0, 300,
    '["^library/"]', '[]', '["x"]', '[]', '["^latest$"]', 1, 'then', 'now')`,
  `insert into meta values ('schema', '5')`,
];

testSqlite('the settings of a remote survive the step that makes them one object', async () => {
  const store = await openTestStore(await folderOf(SCHEMA_5));
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
    const { rows } = await sql<{ name: string }>`select name from pragma_table_info('remotes')`.execute(store.metadata.tables());
    expect(rows.map(({ name }) => name)).toEqual(['name', 'repo_type', 'package_type', 'created_at', 'updated_at', 'settings']);
  } finally {
    await store.close();
  }
});

test('a setting that is younger than the data has the value of one that is not given', async () => {
  const store = await openTestStore(tempFolder());
  try {
    await store.metadata
      .tables<Tables>()
      .insertInto('remotes')
      .values({ ...about, settings: '{"base_url":"https://x.example.com"}' })
      .execute();
    expect(await store.repositories.remote('a')).toEqual({ ...unsetRemoteSettings, ...about, base_url: 'https://x.example.com' });
  } finally {
    await store.close();
  }
});

testSqlite('what a version left that counted the migrations of all parts together is all there, and no step runs twice', async () => {
  const folder = await folderOf([
    `insert into meta values ('schema', '7')`,
    `insert into remotes values ('r', 'remote', 'npm', 'then', 'now', '{"base_url":"https://x.example.com"}')`,
    `insert into virtuals values ('v', 'npm', '', '["r"]', 'then', 'now')`,
    `insert into blobs values ('h', 5, 'then')`,
    `insert into artifacts (remote, path, variant, hash, content_type, content_encoding, etag, last_modified, created_at, validated_at,
      accessed_at, size, access_count, fetch_count, bytes_served) values ('r', 'x', '', 'h', '', '', '', '', '', '', '', 5, 1, 1, 5)`,
    `insert into bkrepo_nodes values ('n', 'h', 'pp', 'rr', '/a', '/', 'a', '', '', '[]', '', '', '', '', '', 0, 5, 0, 0)`,
    `insert into bkrepo_documents values ('user', 'admin', '', 'o1', '{"userId":"admin"}')`,
    `insert into kubesphere_documents values ('User', 'admin', '', 'o2', '{"name":"admin"}')`,
  ]);
  for (const opening of ['first', 'second']) {
    const store = await openTestStore(folder);
    const { metadata, repositories } = store;
    expect([
      opening,
      (await repositories.virtual('v'))?.members,
      (await store.artifacts.find({ remote: 'r', path: 'x', variant: '' }))?.size,
    ]).toEqual([opening, ['r'], 5]);
    expect(await repositories.createRemote({ ...unsetRemoteSettings, ...about, name: 'v' })).toBe(false);
    expect((await new Nodes(metadata).find({ project: 'pp', repo: 'rr', path: '/a' }))?.hash).toBe('h');
    expect(await new BkTables(metadata).users.get('admin')).toEqual({ userId: 'admin', oid: 'o1' });
    const { rows } = await sql`select key, value from meta where key like 'schema%' order by key`.execute(metadata.tables());
    expect(rows).toEqual([
      { key: 'schema', value: '8' },
      { key: 'schema.access', value: '1' },
      { key: 'schema.bkrepo', value: '4' },
      { key: 'schema.core', value: '13' },
      { key: 'schema.generated', value: '1' },
      { key: 'schema.kubesphere', value: '2' },
    ]);
    await store.close();
  }
});

test.each([
  ['schema', '99; this version knows 8'],
  ['schema.bkrepo', 'bkrepo 99; this version knows 4'],
  ['schema.quotas', 'quotas 99; this version knows 0'],
])('a folder that a newer version wrote is refused in words (%s)', async (key, named) => {
  const folder = tempFolder();
  const store = await openTestStore(folder);
  const insert = store.metadata.tables<{ meta: { key: string; value: string } }>().insertInto('meta').values({ key, value: '99' });
  await insert.onConflict((c) => c.column('key').doUpdateSet({ value: '99' })).execute();
  await store.close();
  await expect(openTestStore(folder)).rejects.toThrow(`the data was written by a newer version (schema ${named}); update repoform`);
});
