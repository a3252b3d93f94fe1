import { chart, form, indexOf, provenance, push } from '../../formats/helm-charts';
import { cleanUp, upstream } from '../../helpers';
import { addRepository, addUser, basic, bkRepo, paths } from './support';

afterEach(cleanUp);

const APP = chart('app', '1.0.0', 'description: of the team');
const authorization = basic('admin', 'password');

async function charts() {
  const admin = await bkRepo();
  await addRepository(admin, { name: 'charts', type: 'HELM' });
  const index = (repository: string) => indexOf(`${admin.url}/helm/pp/${repository}/`, { authorization });
  return { admin, index };
}

test.each(['/helm/api/pp/charts/charts', '/helm/pp/charts/charts', '/helm/pp/charts/api/charts'])(
  'a chart is pushed to %s',
  async (path) => {
    const { admin, index } = await charts();
    const sent = await form({ chart: APP, prov: provenance('app', '1.0.0', APP) });
    const pushed = await admin.send('POST', path, sent);
    expect([pushed.status, pushed.json]).toEqual([201, { saved: true }]);
    const again = await admin.send('POST', path, sent);
    expect([again.status, again.reason]).toEqual([409, expect.stringMatching(/^chart already exists: app-1\.0\.0\.tgz; /)]);
    expect(await index('charts')).toEqual({ app: [['1.0.0', 'app-1.0.0.tgz']] });
    expect(await paths(admin, 'charts')).toEqual(['/app-1.0.0.tgz', '/app-1.0.0.tgz.prov']);
    for (const file of ['app-1.0.0.tgz', 'charts/app-1.0.0.tgz', 'charts/app-1.0.0.tgz.prov'])
      expect((await admin.send('GET', `/helm/pp/charts/${file}`)).status).toBe(200);
  },
);

test('charts are listed as packages with their versions until they are removed', async () => {
  const { admin, index } = await charts();
  await admin.send('POST', '/helm/api/pp/charts/charts', { body: APP });
  const versions = async () => {
    const { data } = await admin.tell('GET', '/repository/api/version/page/pp/charts?packageKey=helm://app');
    return (data as { records: { name: string; size: number }[] } | null)?.records.map(({ name, size }) => [name, size]) ?? [];
  };
  expect(await versions()).toEqual([['1.0.0', APP.length]]);
  const removed = await admin.send('DELETE', '/helm/pp/charts/api/charts/app/1.0.0');
  expect([removed.status, removed.json]).toEqual([200, { deleted: true }]);
  expect([await versions(), await index('charts'), await paths(admin, 'charts')]).toEqual([[], {}, []]);
});

test('who may only read is told so in the words of helm', async () => {
  const { admin } = await charts();
  await admin.send('POST', '/helm/api/pp/charts/charts', { body: APP });
  const reader = await addUser(admin, 'reader', { repos: ['charts'], actions: ['READ'] });
  expect((await reader.send('GET', '/helm/pp/charts/index.yaml')).status).toBe(200);
  for (const [method, path] of [
    ['POST', '/helm/api/pp/charts/charts'],
    ['DELETE', '/helm/pp/charts/api/charts/app/1.0.0'],
  ] as const) {
    const refused = await reader.send(method, path, { body: chart('app', '2.0.0') });
    expect([refused.status, Object.keys(refused.json as object)]).toEqual([403, ['error']]);
  }
});

test('a public chart of the same name never shadows the internal one in a virtual repository', async () => {
  const open = await upstream((_request, response) => {
    response.end(
      'apiVersion: v1\nentries: { app: [{ version: 9.9.9, urls: [app-9.9.9.tgz] }], pub: [{ version: 1.0.0, urls: [pub.tgz] }] }',
    );
  });
  const { admin, index } = await charts();
  const configuration = { type: 'remote', url: open.url, cache: { enabled: true, expiration: -1 } };
  await addRepository(admin, { name: 'far', type: 'HELM', category: 'REMOTE', configuration });
  const repositoryList = ['far', 'charts'].map((name) => ({ projectId: 'pp', name }));
  await addRepository(admin, { name: 'all', type: 'HELM', category: 'VIRTUAL', configuration: { type: 'virtual', repositoryList } });
  await admin.send('POST', '/helm/api/pp/charts/charts', { body: APP });
  const merged = await index('all');
  expect(Object.entries(merged).map(([name, versions]) => [name, versions.map(([version]) => version)])).toEqual([
    ['app', ['1.0.0']],
    ['pub', ['1.0.0']],
  ]);
  expect((await admin.send('GET', '/helm/pp/all/app-9.9.9.tgz')).status).toBe(404);
  const refused = await admin.send('POST', '/helm/api/pp/all/charts', { body: APP });
  expect([refused.status, Object.keys(refused.json as object)]).toEqual([405, ['error']]);
});

test('a chart is pushed as an OCI artifact, and images keep their own repositories', async () => {
  const { admin, index } = await charts();
  await addRepository(admin, { name: 'images', type: 'DOCKER' });
  expect((await push(`${admin.url}/v2/pp/charts/`, ['app', '1.0.0'], { chart: APP, headers: { authorization } })).status).toBe(201);
  expect(await index('charts')).toEqual({ app: [['1.0.0', 'app-1.0.0.tgz']] });
  const tags = await admin.send('GET', '/v2/pp/images/app/tags/list');
  expect([tags.status, tags.json]).toMatchObject([404, { errors: [{ code: 'NAME_UNKNOWN' }] }]);
  const nowhere = await admin.send('GET', '/v2/pp/rr/app/tags/list');
  expect([nowhere.status, nowhere.json]).toMatchObject([404, { errors: [{ message: 'Repository [rr] not found' }] }]);
});
