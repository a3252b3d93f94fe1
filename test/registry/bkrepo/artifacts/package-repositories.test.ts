import { cleanUp, tarball, type TestUpstream, upstream } from '../../helpers';
import { publication } from '../../formats/npm-publication';
import { addRepository, addUser, after, basic, bkRepo, cached, client, type Client, composite, remote, virtual } from './support';

afterEach(cleanUp);

const MINUTE = 60_000;
const ARCHIVE = tarball({ 'package/package.json': '{"name":"pad","version":"9.9.9"}' });

interface PublicRegistry extends TestUpstream {
  /** What it does instead of answering. @default - it answers */
  failure?: number;
  asked(): string[];
}

/** A public registry with two packages, one of which has the name of an internal one; it wants credentials if some are given. */
async function publicNpm(authorization?: string): Promise<PublicRegistry> {
  const server: TestUpstream & { failure?: number } = await upstream((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    if (server.failure !== undefined) return response.writeHead(server.failure).end();
    if (authorization !== undefined && request.headers.authorization !== authorization) return response.writeHead(401).end();
    if (path.endsWith('.tgz')) return response.end(ARCHIVE);
    if (path !== 'pad' && path !== '@acme/app') return response.writeHead(404).end();
    if (request.headers['if-none-match'] === '"1"') return response.writeHead(304).end();
    const dist = { tarball: `${server.url}/${path}/-/${path.replace(/.*\//, '')}-9.9.9.tgz` };
    const versions = { '9.9.9': { name: path, version: '9.9.9', dist } };
    response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' });
    return response.end(JSON.stringify({ name: path, 'dist-tags': { latest: '9.9.9' }, versions }));
  });
  return Object.assign(server, { asked: () => server.requests.splice(0).map(({ url }) => decodeURIComponent(url ?? '').slice(1)) });
}

/** The versions of a package that a repository shows, or the status and reason of a refusal. */
async function versions(as: Client, place: string): Promise<unknown> {
  const { status, json } = await as.send('GET', `/npm/pp/${place}`);
  return status === 200 ? Object.keys((json as { versions: object }).versions) : [status, (json as { error: string }).error];
}

const publish = async (as: Client, repository: string, version = '1.0.0') =>
  (await as.send('PUT', `/npm/pp/${repository}/@acme%2fapp`, { body: publication({ name: '@acme/app', version }) })).status;

describe('a remote repository', () => {
  test('keeps what it fetched as long as it is told to, confirms it then, and answers with it when its upstream fails', async () => {
    const [open, admin] = [await publicNpm(), await bkRepo()];
    await addRepository(admin, { name: 'far', ...remote(open.url, cached(10)) });
    const tarballOf = async () => (await admin.send('GET', '/npm/pp/far/pad/-/pad-9.9.9.tgz')).status;
    const document = (await admin.send('GET', '/npm/pp/far/pad')).json as { versions: Record<string, { dist: { tarball: string } }> };
    expect(document.versions['9.9.9']?.dist.tarball).toBe(`${admin.url}/npm/pp/far/pad/-/pad-9.9.9.tgz`);
    expect([await tarballOf(), open.asked()]).toEqual([200, ['pad', 'pad/-/pad-9.9.9.tgz']]);
    expect([await versions(admin, 'far/pad'), await tarballOf(), open.asked()]).toEqual([['9.9.9'], 200, []]);
    await after(11 * MINUTE, async () => {
      expect([await versions(admin, 'far/pad'), open.asked()]).toEqual([['9.9.9'], ['pad']]);
      open.failure = 503;
    });
    const stale = await after(22 * MINUTE, () => admin.send('GET', '/npm/pp/far/pad'));
    expect([stale.status, stale.header('warning')]).toEqual([200, '110 - "Response is Stale"']);
    expect(await versions(admin, 'far/absent')).toEqual([502, expect.stringContaining('"pp/far/remote" answered 503')]);
    expect((await admin.send('PUT', '/npm/pp/far/pad', { body: publication({ name: 'pad', version: '1.0.0' }) })).status).toBe(405);
  });

  test('asks for indexes each time where it keeps files for ever, and for everything where it keeps nothing', async () => {
    const [open, admin] = [await publicNpm(), await bkRepo()];
    await addRepository(admin, { name: 'ever', ...remote(open.url) });
    await addRepository(admin, { name: 'never', ...remote(open.url, cached(10, false)) });
    const tarballIn = (repository: string) => admin.send('GET', `/npm/pp/${repository}/pad/-/pad-9.9.9.tgz`);
    for (const [repository, later] of [
      ['ever', ['pad']],
      ['never', ['pad', 'pad/-/pad-9.9.9.tgz']],
    ] as const) {
      for (let time = 0; time < 2; time++) {
        open.asked();
        expect([await versions(admin, `${repository}/pad`), (await tarballIn(repository)).status]).toEqual([['9.9.9'], 200]);
      }
      expect([repository, open.asked()]).toEqual([repository, later]);
    }
  });

  test('keeps to the limits that its settings set to downloads', async () => {
    const [open, admin] = [await publicNpm(), await bkRepo()];
    const interceptors = [{ type: 'FILENAME', rules: { filename: 'good-*', allowed: true } }];
    await addRepository(admin, { name: 'far', ...remote(open.url, { settings: { interceptors } }) });
    expect(await versions(admin, 'far/pad')).toEqual(['9.9.9']);
    const refused = await admin.send('GET', '/npm/pp/far/pad/-/pad-9.9.9.tgz');
    expect([refused.status, refused.json]).toEqual([403, { error: 'Download of [/pad/-/pad-9.9.9.tgz] is forbidden' }]);
    expect((await admin.send('GET', '/npm/pp/far/pad/-/good-9.9.9.tgz')).status).toBe(200);
  });

  test('forgets what it has when its credentials or its upstream change, and when it is deleted', async () => {
    const authorization = basic('reader', 'first');
    const [closed, admin] = [await publicNpm(authorization), await bkRepo()];
    const withPassword = (password: string) => remote(closed.url, { ...cached(60), credentials: { username: 'reader', password } });
    await addRepository(admin, { name: 'far', ...withPassword('first') });
    const change = (configuration: unknown) => admin.tell('POST', '/repository/api/repo/update/pp/far', { configuration });
    expect(await versions(admin, 'far/pad')).toEqual(['9.9.9']);
    expect(await admin.tell('POST', '/repository/api/repo/update/pp/far', { description: 'changed' })).toMatchObject({ code: 0 });
    closed.asked();
    expect([await versions(admin, 'far/pad'), closed.asked()]).toEqual([['9.9.9'], []]);
    expect(await change(withPassword('second').configuration)).toMatchObject({ code: 0 });
    expect(await versions(admin, 'far/pad')).toEqual([502, expect.stringContaining('it refuses the username and password')]);
    expect(await change(withPassword('first').configuration)).toMatchObject({ code: 0 });
    expect([await versions(admin, 'far/pad'), closed.asked()]).toEqual([['9.9.9'], ['pad', 'pad']]);
    expect(await admin.tell('DELETE', '/repository/api/repo/delete/pp/far?forced=true')).toMatchObject({ code: 0 });
    await addRepository(admin, { name: 'far', ...withPassword('first') });
    closed.failure = 503;
    expect(await versions(admin, 'far/pad')).toEqual([502, expect.stringContaining('answered 503')]);
  });
});

test('what arrives from an upstream that a repository has no more is not kept', async () => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const old = await upstream((_request, response) => void gate.then(() => response.end(ARCHIVE)));
  const [open, admin] = [await publicNpm(), await bkRepo()];
  await addRepository(admin, { name: 'far', ...remote(old.url) });
  const get = () => admin.send('GET', '/npm/pp/far/pad/-/pad-9.9.9.tgz');
  const early = get();
  while (old.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await admin.tell('POST', '/repository/api/repo/update/pp/far', { configuration: remote(open.url).configuration });
  release();
  expect([(await early).status, open.asked()]).toEqual([200, []]);
  expect([(await get()).status, open.asked()]).toEqual([200, ['pad/-/pad-9.9.9.tgz']]);
});

describe('a virtual repository', () => {
  async function withMembers(...list: string[]) {
    const [open, admin] = [await publicNpm(), await bkRepo()];
    await addRepository(admin, { name: 'far', ...remote(open.url) });
    await addRepository(admin, { name: 'near', type: 'NPM' });
    await addRepository(admin, { name: 'all', ...virtual(...list) });
    expect(await publish(admin, 'near')).toBe(201);
    return { open, admin };
  }

  test('shows nothing public of an internal package, and what is public of all others', async () => {
    const { open, admin } = await withMembers('far', 'near');
    expect(await versions(admin, 'all/@acme%2fapp')).toEqual(['1.0.0']);
    expect((await admin.send('GET', '/npm/pp/all/@acme/app/-/app-9.9.9.tgz')).status).toBe(404);
    expect(open.asked()).toEqual([]);
    expect((await admin.send('GET', '/npm/pp/all/@acme/app/-/app-1.0.0.tgz')).status).toBe(200);
    expect(await versions(admin, 'all/pad')).toEqual(['9.9.9']);
    const refused = await admin.send('PUT', '/npm/pp/all/x', { body: publication({ name: 'x', version: '1.0.0' }) });
    expect([refused.status, refused.json]).toEqual([
      405,
      { error: expect.stringContaining('publish into its local members: pp/near') as string },
    ]);
  });

  test('passes over members that the sender may not read; their packages stay internal', async () => {
    const { open, admin } = await withMembers('near', 'far');
    const reader = await addUser(admin, 'reader', { repos: ['far', 'all'], actions: ['READ'] });
    expect([await versions(reader, 'all/@acme%2fapp'), open.asked()]).toEqual([[404, expect.any(String)], []]);
    expect(await versions(reader, 'all/pad')).toEqual(['9.9.9']);
    const stranger = await client(admin.url).send('GET', '/npm/pp/all/pad');
    expect([stranger.status, stranger.header('www-authenticate')]).toEqual([401, 'Basic realm="Authentication Required"']);
  });

  test('has no other copy of what a member forbids', async () => {
    const { admin } = await withMembers('near', 'other');
    await addRepository(admin, { name: 'other', type: 'NPM' });
    expect(await publish(admin, 'other')).toBe(201);
    const interceptors = [{ type: 'FILENAME', rules: { filename: 'good-*', allowed: true } }];
    const configuration = { type: 'local', settings: { interceptors } };
    expect(await admin.tell('POST', '/repository/api/repo/update/pp/near', { configuration })).toMatchObject({ code: 0 });
    const refused = await admin.send('GET', '/npm/pp/all/@acme/app/-/app-1.0.0.tgz');
    expect([refused.status, refused.json]).toEqual([403, { error: 'Download of [/@acme/app/-/app-1.0.0.tgz] is forbidden' }]);
  });

  test('keeps the package of one member internal when others do not have it', async () => {
    const { open, admin } = await withMembers('far', 'other', 'near');
    await addRepository(admin, { name: 'other', type: 'NPM' });
    expect([await versions(admin, 'all/@acme%2fapp'), open.asked()]).toEqual([['1.0.0'], []]);
  });

  test('has the members of its members once, and names one that is not there', async () => {
    const { admin } = await withMembers('inner', 'far');
    await addRepository(admin, { name: 'inner', ...virtual('all', 'near') });
    expect([await versions(admin, 'all/@acme%2fapp'), await versions(admin, 'all/pad')]).toEqual([['1.0.0'], ['9.9.9']]);
    for (const [name, why] of [
      ['gone', 'does not exist'],
      ['rr', 'has the type GENERIC'],
    ]) {
      await addRepository(admin, { name: `with-${name}`, ...virtual('far', String(name)) });
      expect(await versions(admin, `with-${name}/pad`)).toEqual([502, `member "pp/${name}" of virtual "pp/with-${name}" ${why}`]);
    }
  });
});

describe('virtual repositories with the same members below', () => {
  const LEVELS = 24;

  test('ask each of them once, however many ways lead there', async () => {
    const [open, admin] = [await publicNpm(), await bkRepo()];
    await addRepository(admin, { name: 'far', ...remote(open.url, cached(0)) });
    await addRepository(admin, { name: 'near', type: 'NPM' });
    expect(await publish(admin, 'near')).toBe(201);
    let below = ['near', 'far'];
    for (let level = 0; level < LEVELS; level++) {
      const here = ['a', 'b'].map((side) => `${side}${level}`);
      for (const name of here) await addRepository(admin, { name, ...virtual(...below) });
      below = here;
    }
    const begun = Date.now();
    expect(await versions(admin, `${String(below[0])}/@acme%2fapp`)).toEqual(['1.0.0']);
    expect(open.asked()).toEqual([]);
    expect(await versions(admin, `${String(below[0])}/pad`)).toEqual(['9.9.9']);
    expect(open.asked()).toEqual(['pad']);
    expect(Date.now() - begun).toBeLessThan(20_000);
  });

  test.each([
    ['before', ['hidden', 'shown']],
    ['after', ['shown', 'hidden']],
  ])('show one that may be read on one way, also when the way that is closed comes %s', async (_where, members) => {
    const [open, admin] = [await publicNpm(), await bkRepo()];
    await addRepository(admin, { name: 'far', ...remote(open.url) });
    for (const name of ['hidden', 'shown']) await addRepository(admin, { name, ...virtual('far') });
    await addRepository(admin, { name: 'all', ...virtual(...members) });
    const reader = await addUser(admin, 'reader', { repos: ['far', 'shown', 'all'], actions: ['READ'] });
    await admin.tell('POST', '/auth/api/mode/repo/toggle', { projectId: 'pp', repoName: 'hidden', accessControlMode: 'DIR_CTRL' });
    expect([await versions(reader, 'hidden/pad'), await versions(reader, 'all/pad')]).toEqual([[403, expect.any(String)], ['9.9.9']]);
  });
});

describe('a composite repository', () => {
  test('takes publications and fetches what it lacks from its channels, but nothing of what is its own', async () => {
    const [open, closed, admin] = [await publicNpm(), await publicNpm(basic('reader', 'secret')), await bkRepo()];
    const channels = [
      { name: 'private', url: closed.url, username: 'reader', password: 'secret' },
      { name: 'public', url: open.url, public: true },
    ];
    await addRepository(admin, { name: 'npm', ...composite(channels) });
    expect([await publish(admin, 'npm'), await publish(admin, 'npm', '1.1.0')]).toEqual([201, 201]);
    expect(await versions(admin, 'npm/@acme%2fapp')).toEqual(['1.0.0', '1.1.0']);
    expect([...open.asked(), ...closed.asked()]).toEqual([]);
    expect(await versions(admin, 'npm/pad')).toEqual(['9.9.9']);
    expect((await admin.send('GET', '/npm/pp/npm/pad/-/pad-9.9.9.tgz')).status).toBe(200);
    expect(closed.asked()).toEqual(['pad', 'pad/-/pad-9.9.9.tgz']);
    const tag = await admin.send('PUT', '/npm/pp/npm/-/package/@acme%2fapp/dist-tags/old', { body: '"1.0.0"' });
    expect(tag.status).toBe(200);
    const { data } = await admin.tell('GET', '/repository/api/package/page/pp/npm');
    expect(data).toMatchObject({ records: [{ key: 'npm://@acme/app', versions: 2 }] });
    await addRepository(admin, { name: 'all', ...virtual('npm') });
    expect([await versions(admin, 'all/@acme%2fapp'), await versions(admin, 'all/pad')]).toEqual([['1.0.0', '1.1.0'], ['9.9.9']]);
  });

  test('forgets what a channel sent that it has no more', async () => {
    const [open, admin] = [await publicNpm(), await bkRepo()];
    const own = composite([{ name: 'public', url: open.url }], cached(60));
    await addRepository(admin, { name: 'npm', ...own });
    expect(await versions(admin, 'npm/pad')).toEqual(['9.9.9']);
    const change = (configuration: unknown) => admin.tell('POST', '/repository/api/repo/update/pp/npm', { configuration });
    await change(composite([]).configuration);
    expect(await versions(admin, 'npm/pad')).toEqual([404, expect.any(String)]);
    open.failure = 503;
    await change(own.configuration);
    expect(await versions(admin, 'npm/pad')).toEqual([502, expect.stringContaining('"pp/npm/public" answered 503')]);
  });
});
