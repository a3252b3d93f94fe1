import { inspect } from 'node:util';
import { sql } from 'kysely';
import { tablesOf } from '../../src/registry/maintenance/transfer';
import { unsetRemoteSettings } from '../../src/registry/store/remote-settings';
import { Secret } from '../../src/registry/store/secret';
import { addVirtual, type Answer, call, cleanUp, openTestStore, registry, tempFolder, upstream } from './helpers';

afterEach(cleanUp);

const HUSH = 'hush-hush';
const ADMIN = { authorization: `Basic ${btoa('admin:password')}` };
const BACKENDS = ['artifactapi', 'bkrepo'] as const;
const GENERIC = 'generic/pp/files/a.txt';

/** A folder whose every table has rows and, unknown to the code, a column with a secret. */
async function folderWithSecrets(base_url: string): Promise<string> {
  const data = tempFolder();
  const { urls, close } = await registry({ data, backends: BACKENDS, bkrepo: { port: 0 } });
  const [api = '', bk = ''] = [urls.artifactapi, urls.bkrepo];
  const send = async (method: string, url: string, body?: unknown) => {
    const answer = await call(method, url, {
      ...(body !== undefined && { body }),
      headers: { ...ADMIN, 'content-type': 'application/json' },
    });
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.text}`);
  };
  await send('POST', `${api}/api/v2/remotes`, { name: 'r', package_type: 'generic', base_url });
  await send('POST', `${api}/api/v2/remotes`, { name: 'l', package_type: 'generic', repo_type: 'local' });
  await addVirtual(api, { name: 'v', package_type: 'generic', members: ['r', 'l'] });
  await send('GET', `${api}/api/v1/remote/r/x`);
  await send('PUT', `${api}/api/v2/remotes/l/files/y`, 'local');
  await send('POST', `${bk}/repository/api/project/create`, { name: 'pp', displayName: 'pp', description: '' });
  await send('POST', `${bk}/repository/api/repo/create`, {
    projectId: 'pp',
    name: 'files',
    type: 'GENERIC',
    category: 'LOCAL',
    public: false,
  });
  await send('PUT', `${bk}/${GENERIC}`, 'file');
  await close();
  const store = await openTestStore(data);
  const db = store.metadata.tables();
  for (const { name } of await tablesOf(store))
    await sql`alter table ${sql.table(name)} add column api_key text not null default ${sql.lit(HUSH)}`.execute(db);
  const { rows } = await sql<{ name: string; settings: string }>`select name, settings from remotes`.execute(db);
  for (const { name, settings } of rows) {
    const more = JSON.stringify({ ...(JSON.parse(settings) as object), api_key: HUSH });
    await sql`update remotes set settings = ${more} where name = ${name}`.execute(db);
  }
  await store.close();
  return data;
}

test('a column or a setting that code does not name is seen nowhere', async () => {
  const files = await upstream((_request, response) => response.end('hello'));
  const logged: unknown[] = [];
  const log = (...args: unknown[]) => void logged.push(args);
  const options = { backends: BACKENDS, bkrepo: { port: 0 }, logger: { info: log, warn: log, error: log } };
  const { urls } = await registry({ data: await folderWithSecrets(files.url), ...options });
  const [api, bk] = [urls.artifactapi, urls.bkrepo];
  const seen: Answer[] = [];
  const look = async (method: string, url: string, body?: unknown) => {
    const answer = await call(method, url, {
      ...(body !== undefined && { body }),
      headers: { ...ADMIN, 'content-type': 'application/json' },
    });
    expect([url, answer.status]).toEqual([url, 200]);
    seen.push(answer);
  };
  for (const path of [
    'remotes',
    'remotes/r',
    'remotes/l',
    'virtuals',
    'virtuals/v',
    'remotes/r/objects',
    'locals/l/objects',
    'stats',
    'health',
  ])
    await look('GET', `${api}/api/v2/${path}`);
  await look('PUT', `${api}/api/v2/remotes/r`, { package_type: 'generic', base_url: files.url });
  await look('PUT', `${api}/api/v2/virtuals/v`, { package_type: 'generic', members: ['r', 'l'] });
  for (const path of ['remote/r/x', 'local/l/y', 'virtual/v/x']) await look('GET', `${api}/api/v1/${path}`);
  for (const path of ['top-files-by-hits', 'top-files-by-bandwidth']) await look('GET', `${api}/api/v2/stats/${path}`);
  await look('POST', `${api}/api/v2/probe`, { remote: 'r', path: 'x' });
  for (const path of ['project/list', 'repo/info/pp/files/GENERIC', 'repo/list/pp', 'node/detail/pp/files/a.txt', 'node/page/pp/files/'])
    await look('GET', `${bk}/repository/api/${path}`);
  await look('GET', `${bk}/${GENERIC}`);
  await look('GET', `${bk}/auth/api/user/detail/admin`);
  await look('POST', `${bk}/repository/api/share/pp/files/a.txt`, {});
  expect(inspect([seen, logged], { depth: 9 })).not.toContain(HUSH);
});

test('every secret setting of a remote works and is seen nowhere', async () => {
  const secrets = Object.entries(unsetRemoteSettings).filter(([, unset]: [string, unknown]) => unset instanceof Secret);
  expect(secrets.map(([name]) => name)).toContain('password');
  const files = await upstream((_request, response) => response.end('hello'));
  const { url } = await registry();
  const body = { name: 'r', package_type: 'generic', base_url: files.url, username: 'u' };
  const given = Object.fromEntries(secrets.map(([name]) => [name, HUSH]));
  const answers = [await call('POST', `${url}/api/v2/remotes`, { body: { ...body, ...given } })];
  answers.push(await call('PUT', `${url}/api/v2/remotes/r`, { body: { ...body, description: 'secrets stay' } }));
  await call('GET', `${url}/api/v1/remote/r/x`);
  expect(files.requests[0]?.headers.authorization).toBe(`Basic ${btoa(`u:${HUSH}`)}`);
  for (const path of ['remotes', 'remotes/r', 'remotes/r/objects', 'stats']) answers.push(await call('GET', `${url}/api/v2/${path}`));
  for (const { status, text } of answers) expect([status < 300, text.includes(HUSH)]).toEqual([true, false]);
  await call('PUT', `${url}/api/v2/remotes/r`, { body: { ...body, password: '' } });
  await call('GET', `${url}/api/v1/remote/r/y`);
  expect(files.requests[1]?.headers.authorization).toBe(`Basic ${btoa('u:')}`);
});

test('a secret shows nothing of itself until it is told to', () => {
  const secret = new Secret(HUSH);
  const shown = [
    JSON.stringify({ secret, list: [secret] }),
    `${String(secret)}`,
    inspect({ secret }),
    new Error(`bad: ${String(secret)}`).message,
  ];
  expect(shown).toEqual(['{"list":[null]}', '[secret]', '{ secret: [secret] }', 'bad: [secret]']);
  expect(secret.reveal()).toBe(HUSH);
});
