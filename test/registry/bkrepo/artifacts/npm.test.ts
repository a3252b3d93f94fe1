import { cleanUp } from '../../helpers';
import { type Publication, publication } from '../../formats/npm-publication';
import { addRepository, addUser, bkRepo, client, type Client, paths } from './support';

afterEach(cleanUp);

const APP = { name: '@acme/app', version: '1.0.0' };
const API = '/repository/api';

async function withNpm(options: Parameters<typeof bkRepo>[0] = {}): Promise<Client> {
  const admin = await bkRepo(options);
  await addRepository(admin, { name: 'npm', type: 'NPM' });
  return admin;
}

const publish = (as: Client, given: Publication, repository = 'npm') =>
  as.send('PUT', `/npm/pp/${repository}/${given.name.replace('/', '%2f')}`, { body: publication(given) });

test('a package that was published is listed with its versions and tags, and keeps the repository from being deleted', async () => {
  const admin = await withNpm();
  for (const version of ['1.0.0', '1.1.0'])
    expect((await publish(admin, { ...APP, version, manifest: { description: 'ours' } })).status).toBe(201);
  const info = async () => (await admin.tell('GET', `${API}/package/info/pp/npm?packageKey=npm://@acme/app`)).data;
  const facts = { name: '@acme/app', type: 'NPM', description: 'ours', versions: 2, versionTag: { latest: '1.1.0' }, createdBy: 'admin' };
  expect(await info()).toMatchObject(facts);
  const { data } = await admin.tell('GET', '/npm/ext/version/detail/pp/npm?packageKey=npm://@acme/app&version=1.0.0');
  const place = { contentPath: '/@acme/app/-/app-1.0.0.tgz', manifestPath: '/.npm/@acme/app/package.json' };
  expect(data).toMatchObject({ basic: { version: '1.0.0', tags: [], ...place } });
  expect((data as { basic: { size: number } }).basic.size).toBeGreaterThan(0);
  const tarball = await admin.send('GET', '/npm/pp/npm/@acme/app/-/app-1.0.0.tgz');
  expect([tarball.status, Number(tarball.header('content-length'))]).toEqual([200, (data as { basic: { size: number } }).basic.size]);
  await admin.send('PUT', '/npm/pp/npm/-/package/@acme%2fapp/dist-tags/latest', { body: '"1.0.0"' });
  expect(await info()).toMatchObject({ versionTag: { latest: '1.0.0' } });
  expect(await admin.tell('DELETE', `${API}/repo/delete/pp/npm`)).toEqual({ status: 400, code: 251008, data: null });
  const document = (await admin.send('GET', '/npm/pp/npm/@acme%2fapp')).json as { _rev: string; versions: Record<string, unknown> };
  expect(document.versions).toMatchObject({ '1.1.0': { dist: { tarball: `${admin.url}/npm/pp/npm/@acme/app/-/app-1.1.0.tgz` } } });
  expect((await admin.send('DELETE', `/npm/pp/npm/@acme%2fapp/-rev/${document._rev}`)).status).toBe(200);
  expect(await info()).toBeNull();
  expect((await paths(admin, 'npm')).filter((path) => path.endsWith('.tgz') || path.endsWith('.json'))).toEqual([]);
  expect(await admin.tell('DELETE', `${API}/repo/delete/pp/npm`)).toMatchObject({ code: 0 });
});

test('who may read installs, who may write publishes, and refusals come in the form that npm shows', async () => {
  const admin = await withNpm();
  await publish(admin, APP);
  const reader = await addUser(admin, 'reader', { repos: ['npm'], actions: ['READ'] });
  const writer = await addUser(admin, 'writer', { repos: ['npm'], actions: ['READ', 'WRITE'] });
  const nobody = client(admin.url);
  expect((await reader.send('GET', '/npm/pp/npm/@acme%2fapp')).status).toBe(200);
  const refused = await publish(reader, { ...APP, version: '2.0.0' });
  expect([refused.status, refused.json]).toEqual([403, { error: expect.stringContaining('does not have [WRITE] permission') as string }]);
  expect((await publish(writer, { ...APP, version: '2.0.0' })).status).toBe(201);
  const tag = await reader.send('PUT', '/npm/pp/npm/-/package/@acme%2fapp/dist-tags/mine', { body: '"1.0.0"' });
  expect([tag.status, tag.json]).toEqual([403, { error: expect.stringContaining('[WRITE]') as string }]);
  const stranger = await nobody.send('GET', '/npm/pp/npm/@acme%2fapp');
  expect([stranger.status, stranger.header('www-authenticate')]).toEqual([401, 'Basic realm="Authentication Required"']);
  for (const path of ['/npm/pp/npm/absent', '/npm/pp/rr/@acme%2fapp', '/npm/pp/none/x'])
    expect([path, (await admin.send('GET', path)).status]).toEqual([path, 404]);
});

test('of versions that are published at once none is lost, and a quota holds', async () => {
  const admin = await withNpm();
  const versions = Array.from({ length: 8 }, (_, n) => `1.0.${n}`);
  const answers = await Promise.all(versions.map((version) => publish(admin, { ...APP, version })));
  expect(answers.map(({ status }) => status)).toEqual(versions.map(() => 201));
  const { versions: known } = (await admin.send('GET', '/npm/pp/npm/@acme%2fapp')).json as { versions: object };
  expect(Object.keys(known).sort()).toEqual(versions);
  await addRepository(admin, { name: 'small', type: 'NPM', quota: 100 });
  const refused = await publish(admin, APP, 'small');
  expect([refused.status, refused.json]).toEqual([
    400,
    {
      error: expect.stringMatching(
        /^Exceeded repository \[small\] quota value \[100 B\], of which 0 B is used, and this needs [\d.]+ B$/,
      ) as string,
    },
  ]);
  expect((await admin.send('GET', '/npm/pp/small/@acme%2fapp')).status).toBe(404);
});

test('a strict server serves no packages', async () => {
  const admin = await withNpm({ strict: true });
  expect((await publish(admin, APP)).status).toBe(404);
});
