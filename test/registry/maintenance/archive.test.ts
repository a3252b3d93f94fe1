import { readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { importInto } from '../../../src/registry/maintenance/import';
import { type Tables } from '../../../src/registry/store/tables';
import { addRemote, afterwards, call, cleanUp, openTestStore, registry, tempFolder } from '../helpers';
import { addLocal, archiveOf, exported, findings, imported, quiet, upload } from './support';

afterEach(cleanUp);

async function emptyStore(folder = tempFolder()) {
  const store = await openTestStore(folder);
  afterwards(() => store.close());
  return store;
}

test('a backup of a registry that is written to meanwhile has everything that was acknowledged before it, and is consistent', async () => {
  const data = tempFolder();
  const { url } = await registry({ data });
  await addLocal(url, 'files');
  await addRemote(url, { name: 'npm', package_type: 'npm', base_url: 'https://npm.example.com', password: 'a-secret-password' });
  const acknowledged: string[] = [];
  let isOver = false;
  const writers = [0, 1, 2].map(async (writer) => {
    for (let n = 0; !isOver; n++) {
      const path = `${writer}/${n}`;
      if ((await upload(url, path, `content of ${path}`)) === 201) acknowledged.push(path);
      // Deletes as well: what the archive refers to must not be collected before it is read.
      if (n % 3 === 2) await call('DELETE', `${url}/api/v2/remotes/files/files/${writer}/${n - 1}`);
    }
  });
  while (acknowledged.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = acknowledged.filter((path) => Number(path.split('/')[1]) % 3 !== 1);
  const file = await exported(data, true);
  isOver = true;
  await Promise.all(writers);
  expect(acknowledged.length).toBeGreaterThan(before.length);

  const folder = tempFolder();
  const store = await openTestStore(folder);
  const { secrets, missing } = await imported(store, file);
  expect([secrets, missing, await findings(store)]).toEqual([true, 0, []]);
  expect((await store.repositories.remote('npm'))?.password.reveal()).toBe('a-secret-password');
  await store.close();
  const restored = await registry({ data: folder });
  for (const path of before)
    expect([path, (await call('GET', `${restored.url}/api/v1/local/files/${path}`)).text]).toEqual([path, `content of ${path}`]);
});

test('an archive without secrets has none, and its import says so', async () => {
  const data = tempFolder();
  const { url } = await registry({ data, backends: ['artifactapi', 'bkrepo', 'kubesphere'], bkrepo: { port: 0 }, kubesphere: { port: 0 } });
  await addRemote(url, {
    name: 'npm',
    package_type: 'npm',
    base_url: 'https://npm.example.com',
    username: 'u',
    password: 'a-secret-password',
  });
  const [with_, without] = [readFileSync(await exported(data, true), 'utf8'), await exported(data, false)];
  const text = readFileSync(without, 'utf8');
  for (const secret of ['a-secret-password', '"kind":"user"', '"kind":"Key"', '"kind":"User"'])
    expect([secret, with_.includes(secret), text.includes(secret)]).toEqual([secret, true, false]);
  const store = await emptyStore();
  expect((await imported(store, without)).secrets).toBe(false);
  expect((await store.repositories.remote('npm'))?.username).toBe('u');
});

test('an archive that is not whole or not what it should be is refused, and nothing of it is kept', async () => {
  const data = tempFolder();
  const { url } = await registry({ data });
  await addLocal(url, 'files');
  await upload(url, 'x', 'hello');
  const file = await exported(data, true);
  const whole = readFileSync(file);
  const store = await emptyStore();
  const problem = async (content: Buffer | string) => {
    writeFileSync(file, content);
    const message = await imported(store, file).then(
      () => 'nothing',
      (cause: Error) => cause.message,
    );
    const rows = await store.metadata.tables<Tables>().selectFrom('remotes').select('name').execute();
    expect(rows).toEqual([]);
    return message;
  };
  const changed = Buffer.from(whole);
  changed.write('HELLO', whole.indexOf('hello'));
  expect(await problem(changed)).toMatch(
    /^the content 2cf24d\w+ of the archive is damaged: its SHA-256 is 3733cd\w+, but 2cf24d\w+ was announced/,
  );
  const renamed = Buffer.from(whole);
  renamed.write('"Files"', whole.indexOf('"files"'));
  expect(await problem(renamed)).toMatch(/nothing was imported$/);
  expect(await problem(whole.subarray(0, whole.length / 2))).toBe(
    'the archive is incomplete: its end is missing; nothing was imported. Export it again, or copy it again',
  );
  for (const other of ['no archive at all', 'x'.repeat(2000), ''])
    expect(await problem(other)).toBe(
      'this is not an archive of a registry, or not all of one; expected what "repoform registry export" writes, unpacked from any compression',
    );
  const manifest = whole.subarray(512, 512 + Number.parseInt(whole.subarray(124, 135).toString(), 8)).toString();
  const start = ['repoform-registry.json', manifest] as const;
  for (const [entries, message] of [
    [[['../../etc/passwd', 'x']], 'this is not an archive of a registry'],
    [[start, ['../../etc/passwd', 'x']], 'the archive has an unknown entry, "../../etc/passwd"; nothing was imported'],
    [[start, ['tables/remotes/000001.ndjson', '/etc/passwd', 'symlink']], 'the archive has something other than a file'],
    [[start, ['tables/meta/000001.ndjson', '{"key":"schema","value":"99"}']], 'the archive has rows of an unknown table, "meta"'],
    [[start, ['tables/repository_names/000001.ndjson', '{"name":"a","__proto__":1}']], 'with other columns or types'],
    [[start, ['tables/repository_names/000001.ndjson', '{"name":1}']], 'with other columns or types'],
    [
      [start, ['tables/local_files/000001.ndjson', '{"repo":"a","path":"b","hash":"c","content_type":"","metadata":"","created_at":""}']],
      'that fit no others: FOREIGN KEY',
    ],
    [[start], 'the archive is incomplete: its end is missing'],
    [[['repoform-registry.json', manifest.replace('"core":', '"core":9')]], 'the archive was written by a newer version of repoform'],
  ] as const)
    expect(await problem(await archiveOf(entries))).toMatch(message);
  writeFileSync(file, whole);
  expect(await imported(store, file)).toMatchObject({ blobs: 1, bytes: 5 });
  expect(await findings(store)).toEqual([]);
  await expect(imported(store, file)).rejects.toThrow('the target is not empty');
});

test('an archive of an older version is brought up to date', async () => {
  const store = await emptyStore();
  const remote = '{"name":"a","repo_type":"local","package_type":"generic","settings":"{}","created_at":"then","updated_at":"then"}';
  const schema = { core: 8 };
  const zero = '0'.repeat(64);
  const names = ['virtuals', 'file_revisions', 'signing_keys', 'artifacts', 'local_files', 'blobs'];
  const { Sum } = await import('../../../src/registry/maintenance/rows');
  const { modelOf } = await import('../../../src/registry/maintenance/model');
  const { coreTables } = await import('../../../src/registry/store/core-tables');
  const tables = await modelOf([{ ...coreTables, migrations: coreTables.migrations.slice(0, 8) }]);
  const sumOf = (name: string, row: string) => {
    const sum = new Sum();
    const table = tables.find((each) => each.name === name);
    if (table) sum.add(JSON.parse(row) as Record<string, string>, table);
    return sum.value;
  };
  const end = {
    tables: {
      ...Object.fromEntries(names.map((name) => [name, { rows: 0, digest: zero }])),
      remotes: sumOf('remotes', remote),
      repository_names: sumOf('repository_names', '{"name":"a"}'),
    },
    blobs: 0,
    bytes: 0,
    missing: [],
  };
  const input = await archiveOf([
    ['repoform-registry.json', JSON.stringify({ format: 1, created_at: 'then', version: '0.0.1', schema, secrets: true })],
    ['tables/remotes/000001.ndjson', remote],
    ['tables/repository_names/000001.ndjson', '{"name":"a"}'],
    ['end.json', JSON.stringify(end)],
  ]);
  const result = await importInto(store, { input: Readable.from([input]), folder: tempFolder(), report: quiet });
  expect([result.rows, (await store.repositories.remote('a'))?.package_type]).toEqual([2, 'generic']);
});
