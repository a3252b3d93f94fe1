import { cleanUp } from '../../helpers';
import { addUser, after, bkRepo, client, put, type Client } from './support';

afterEach(cleanUp);

const DOWNLOAD = '/generic/temporary/download/pp/rr';
const request = { projectId: 'pp', repoName: 'rr', fullPathSet: ['/dir'], type: 'DOWNLOAD' };

async function create(admin: Client, fields: Record<string, unknown> = {}): Promise<string> {
  const told = await admin.tell('POST', '/generic/temporary/token/create', { ...request, ...fields });
  expect(told).toMatchObject({ status: 200, code: 0 });
  return (told.data as { token: string }[])[0]?.token ?? '';
}

test('a token opens a folder to whoever has it', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'content');
  await put(admin, 'rr/directory', 'other');
  const before = Date.now();
  const told = await admin.tell('POST', '/generic/temporary/token/create', {
    ...request,
    fullPathSet: ['dir/', '/x'],
    permits: 5,
    expireSeconds: 60,
  });
  const [first] = told.data as { token: string; expireDate: string }[];
  expect(told.data).toEqual(
    ['/dir', '/x'].map((fullPath) => ({
      projectId: 'pp',
      repoName: 'rr',
      fullPath,
      token: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      authorizedUserList: [],
      authorizedIpList: [],
      expireDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/) as string,
      permits: 5,
      type: 'DOWNLOAD',
    })),
  );
  expect(Date.parse(`${first?.expireDate}Z`) - before).toBeGreaterThanOrEqual(60_000);
  const nobody = client(admin.url);
  for (const use of ['temporary/download', 'temporary/share']) {
    expect((await nobody.send('GET', `/generic/${use}/pp/rr/dir/a?token=${first?.token}`)).text).toBe('content');
  }
  expect((await nobody.send('GET', `/generic/pp/rr/dir/a?token=${first?.token}`)).text).toBe('content');
  expect((await nobody.send('GET', '/generic/pp/rr/dir/a', { headers: { authorization: `Temporary ${first?.token}` } })).text).toBe(
    'content',
  );
  for (const path of ['directory', 'dir/../directory', '']) {
    expect(await nobody.tell('GET', `${DOWNLOAD}/${encodeURIComponent(path)}?token=${first?.token}`)).toEqual({
      status: 400,
      code: 251021,
      data: null,
    });
  }
});

test('a token is used as often as it permits, and a failure is no use', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'x');
  const nobody = client(admin.url);
  const token = await create(admin, { permits: 2 });
  const get = (path: string) => nobody.send('GET', `${DOWNLOAD}/${path}?token=${token}`);
  expect([
    (await get('dir/none')).status,
    (await get('dir/a')).status,
    (await get('dir/none')).status,
    (await get('dir/a')).status,
  ]).toEqual([404, 200, 404, 200]);
  expect(await nobody.tell('GET', `${DOWNLOAD}/dir/a?token=${token}`)).toEqual({ status: 400, code: 251021, data: null });
  expect(await admin.tell('POST', '/generic/temporary/token/create', { ...request, permits: 0 })).toEqual({
    status: 400,
    code: 250105,
    data: null,
  });
});

test('simultaneous uses do not exceed what a token permits', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'x');
  const token = await create(admin, { permits: 3 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => client(admin.url).send('GET', `${DOWNLOAD}/dir/a?token=${token}`)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
});

test('a token that has expired is 251022, and one without an end never does', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'x');
  const [short, endless] = [await create(admin, { expireSeconds: 10 }), await create(admin, { expireSeconds: 0 })];
  await after(1000 * 86_400_000, async () => {
    const nobody = client(admin.url);
    expect(await nobody.tell('GET', `${DOWNLOAD}/dir/a?token=${short}`)).toEqual({ status: 400, code: 251022, data: null });
    expect((await nobody.send('GET', `${DOWNLOAD}/dir/a?token=${endless}`)).text).toBe('x');
  });
});

test('a token is good for what it was made for', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'x');
  const nobody = client(admin.url);
  const [down, up, all] = [await create(admin), await create(admin, { type: 'UPLOAD' }), await create(admin, { type: 'ALL' })];
  const get = (token: string) => nobody.send('GET', `${DOWNLOAD}/dir/a?token=${token}`);
  const upload = (token: string, name: string) => nobody.tell('PUT', `/generic/temporary/upload/pp/rr/dir/${name}?token=${token}`, 'new');
  expect([(await get(down)).status, (await get(up)).status, (await get(all)).status]).toEqual([200, 400, 200]);
  expect(await upload(down, 'b')).toEqual({ status: 400, code: 251021, data: null });
  expect(await upload(up, 'b')).toMatchObject({ status: 200, code: 0, data: { fullPath: '/dir/b', createdBy: 'admin' } });
  expect(await upload(all, 'c')).toMatchObject({ status: 200, code: 0 });
  expect(await upload(all, 'c')).toEqual({ status: 400, code: 251012, data: null });
  expect(await nobody.tell('GET', `${DOWNLOAD}/dir/a?token=unknown`)).toEqual({ status: 400, code: 251021, data: null });
  expect(await nobody.tell('GET', `${DOWNLOAD}/dir/a`)).toEqual({ status: 400, code: 250103, data: null });
});

test('a token for some users or addresses is for no others', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'x');
  const alice = await addUser(admin, 'alice', { repos: [], actions: [] });
  const forAlice = await create(admin, { authorizedUserSet: ['alice'] });
  expect((await alice.send('GET', `${DOWNLOAD}/dir/a?token=${forAlice}`)).text).toBe('x');
  expect(await client(admin.url).tell('GET', `${DOWNLOAD}/dir/a?token=${forAlice}`)).toEqual({ status: 400, code: 251021, data: null });
  const [here, there] = [await create(admin, { authorizedIpSet: ['127.0.0.1'] }), await create(admin, { authorizedIpSet: ['192.0.2.1'] })];
  expect((await alice.send('GET', `${DOWNLOAD}/dir/a?token=${here}`)).text).toBe('x');
  expect(await alice.tell('GET', `${DOWNLOAD}/dir/a?token=${there}`)).toEqual({ status: 400, code: 251021, data: null });
});

test('a token does no more than its maker may', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'x');
  const reader = await addUser(admin, 'reader', { repos: ['rr'], actions: ['READ', 'DOWNLOAD'] });
  const upload = await create(reader, { type: 'UPLOAD' });
  const uploadTo = `/generic/temporary/upload/pp/rr/dir/b?token=${upload}`;
  expect(await client(admin.url).tell('PUT', uploadTo, 'x')).toEqual({ status: 403, code: 250113, data: null });
  expect(await client(admin.url).tell('POST', '/generic/temporary/token/create', request)).toEqual({
    status: 401,
    code: 250114,
    data: null,
  });
  const token = await create(reader);
  expect((await client(admin.url).send('GET', `${DOWNLOAD}/dir/a?token=${token}`)).text).toBe('x');
  expect(await admin.tell('DELETE', '/auth/api/user/delete/reader')).toMatchObject({ code: 0 });
  expect(await client(admin.url).tell('GET', `${DOWNLOAD}/dir/a?token=${token}`)).toEqual({ status: 403, code: 250113, data: null });
});

test('a temporary URL is the server’s own or that of the host given', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a b', 'x');
  const make = (fields: object) =>
    admin.tell('POST', '/generic/temporary/url/create', { ...request, fullPathSet: ['/dir/a b'], ...fields });
  const [own] = (await make({})).data as { url: string }[];
  const [before, token] = own?.url.split('?token=') ?? [];
  expect([before, own]).toEqual([`${admin.url}/generic/temporary/download/pp/rr/dir/a%20b`, expect.not.objectContaining({ token })]);
  expect(token).toMatch(/^[0-9a-f]{32}$/);
  expect(await (await fetch(own?.url ?? '')).text()).toBe('x');
  const [other] = (await make({ type: 'UPLOAD', host: 'https://files.example.com/' })).data as { url: string }[];
  expect(other?.url).toMatch(/^https:\/\/files\.example\.com\/generic\/temporary\/upload\/pp\/rr\/dir\/a%20b\?token=[0-9a-f]{32}$/);
  expect(await make({ type: 'ALL' })).toEqual({ status: 400, code: 250105, data: null });
});

test('where a project shares nothing there are no tokens', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'x');
  expect(await admin.tell('PUT', '/repository/api/project/pp/share/enabled?enabled=false')).toMatchObject({ code: 0 });
  expect(await admin.tell('POST', '/generic/temporary/token/create', request)).toEqual({ status: 400, code: 251037, data: null });
  expect(await admin.tell('POST', '/generic/temporary/url/create', request)).toEqual({ status: 400, code: 251037, data: null });
  expect(await admin.tell('POST', '/repository/api/share/pp/rr/a', {})).toEqual({ status: 400, code: 251037, data: null });
});

test('a share is a link to one file', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'x');
  const told = await admin.tell('POST', '/repository/api/share/pp/rr/dir/a', { authorizedUserList: ['alice'], expireSeconds: 0 });
  const { shareUrl } = told.data as { shareUrl: string };
  expect(told).toEqual({
    status: 200,
    code: 0,
    data: {
      projectId: 'pp',
      repoName: 'rr',
      fullPath: '/dir/a',
      shareUrl: expect.stringMatching(/^\/api\/share\/pp\/rr\/dir\/a\?token=[0-9a-f]{32}$/) as string,
      authorizedUserList: ['alice'],
      authorizedIpList: [],
      expireDate: null,
      createdBy: 'admin',
    },
  });
  const alice = await addUser(admin, 'alice', { repos: [], actions: [] });
  expect((await alice.send('GET', `/repository${shareUrl}`)).text).toBe('x');
  expect(await client(admin.url).tell('GET', `/repository${shareUrl}`)).toEqual({ status: 403, code: 250113, data: null });
  expect(await alice.tell('GET', `/repository${shareUrl.replace('/a?', '/b?')}`)).toEqual({ status: 400, code: 251021, data: null });
  expect(await admin.tell('POST', '/repository/api/share/pp/rr/dir', {})).toEqual({ status: 404, code: 251010, data: null });
});

test('a share works for whom it is made and while its maker may read, and a temporary token is none', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'x');
  const bob = await addUser(admin, 'bob', { repos: ['rr'], actions: ['READ', 'WRITE', 'DOWNLOAD'] });
  const alice = await addUser(admin, 'alice', { repos: [], actions: [] });
  const told = await bob.tell('POST', '/repository/api/share/pp/rr/a', { authorizedUserList: ['alice'] });
  const url = `/repository${(told.data as { shareUrl: string }).shareUrl}`;
  const anybody = client(admin.url);
  expect((await anybody.tell('GET', `${url}&userId=alice`)).status).toBe(403);
  expect((await alice.send('GET', url)).text).toBe('x');
  for (const wish of [{ type: 'UPLOAD' }, { type: 'DOWNLOAD', permits: 1 }]) {
    const body = { projectId: 'pp', repoName: 'rr', fullPathSet: ['/a'], ...wish };
    const [{ token }] = (await bob.tell('POST', '/generic/temporary/token/create', body)).data as [{ token: string }];
    expect(await anybody.tell('GET', `/repository/api/share/pp/rr/a?token=${token}`)).toMatchObject({ status: 400, code: 251021 });
  }
  expect(await admin.tell('PUT', '/auth/api/user/update/info/bob', { locked: true })).toMatchObject({ code: 0 });
  expect((await alice.tell('GET', url)).status).toBe(403);
});
