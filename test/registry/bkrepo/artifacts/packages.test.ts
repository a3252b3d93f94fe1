import { type NewVersion, Packages } from '../../../../src/registry/backends/bkrepo/artifacts/packages';
import { cleanUp, openTestStore, tempFolder } from '../../helpers';
import { addRepository, addUser, bkRepo, type Client } from './support';

afterEach(cleanUp);

/** A server whose npm repository has packages, as its format would have stored them. */
async function stocked(): Promise<Client> {
  const data = tempFolder();
  const store = await openTestStore(data);
  const packages = new Packages(store.metadata);
  const common = { project: 'pp', repo: 'npm', packageType: 'NPM', by: 'alice' };
  const version = (name: string, number: string, fields: Partial<NewVersion> = {}) =>
    packages.put({ ...common, packageKey: `npm://${name}`, packageName: name, version: number, size: 10, ...fields });
  await version('left-pad', '1.0.0', { contentPath: '/left-pad/-/left-pad-1.0.0.tgz', stages: ['@prerelease'] });
  await version('left-pad', '1.1.0', { tags: ['latest'], metadata: { a: 'b' } });
  await version('Right-Pad', '2.0.0', { packageDescription: 'pads' });
  await store.close();
  const admin = await bkRepo({ data });
  await addRepository(admin, { name: 'npm', type: 'NPM' });
  return admin;
}

const API = '/repository/api';
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/) as string;
const signed = { createdBy: 'alice', createdDate: time, lastModifiedBy: 'alice', lastModifiedDate: time };
const names = (data: unknown) =>
  ((data as { records?: { name: string }[] }).records ?? (data as { name: string }[])).map(({ name }) => name);

test('packages are listed and read', async () => {
  const admin = await stocked();
  const summary = {
    ...signed,
    id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    ...{ projectId: 'pp', repoName: 'npm', name: 'left-pad', key: 'npm://left-pad', type: 'NPM' },
    ...{ latest: '1.1.0', downloads: 0, versions: 2, description: null },
    ...{ versionTag: { latest: '1.1.0' }, extension: {}, historyVersion: ['1.1.0', '1.0.0'] },
  };
  expect(await admin.tell('GET', `${API}/package/info/pp/npm?packageKey=npm://left-pad`)).toEqual({ status: 200, code: 0, data: summary });
  expect(await admin.tell('GET', `${API}/package/info/pp/npm?packageKey=npm://none`)).toEqual({ status: 200, code: 0, data: null });
  expect(await admin.tell('GET', `${API}/package/info/pp/npm`)).toEqual({ status: 400, code: 250103, data: null });
  expect(await admin.tell('GET', `${API}/package/page/pp/npm?pageSize=1`)).toMatchObject({
    data: { totalRecords: 2, totalPages: 2, pageNumber: 1 },
  });
  expect(names((await admin.tell('GET', `${API}/package/page/pp/npm?packageName=RIGHT`)).data)).toEqual(['Right-Pad']);
});

test('versions are listed, the newest first', async () => {
  const admin = await stocked();
  const page = (query: string) => admin.tell('GET', `${API}/version/page/pp/npm?packageKey=npm://left-pad${query}`);
  expect((await page('&version=1.1')).data).toMatchObject({
    records: [
      {
        ...signed,
        ...{ name: '1.1.0', size: 10, downloads: 0, stageTag: [], metadata: { a: 'b' }, tags: ['latest'], extension: {} },
        packageMetadata: [{ key: 'a', value: 'b', system: false, description: null }],
        ...{ contentPath: null, contentPaths: null, manifestPath: null, clusterNames: null, federatedSource: null },
      },
    ],
    totalRecords: 1,
  });
  expect(names((await page('')).data)).toEqual(['1.1.0', '1.0.0']);
  expect(names((await page('&stageTag=@prerelease')).data)).toEqual(['1.0.0']);
  expect(names((await page('&stageTag=@prerelease,@release')).data)).toEqual([]);
  expect(names((await page('&sortProperty=name&direction=ASC')).data)).toEqual(['1.0.0', '1.1.0']);
  for (const sort of ['', '&sortProperty=name&direction=DESC', '&sortProperty=contentPath&direction=DESC'])
    expect((await page(`${sort}&pageSize=1&pageNumber=2`)).data).toMatchObject({ records: [{ size: 10 }], totalRecords: 2, totalPages: 2 });
  expect(names((await page('&sortProperty=name&direction=ASC&pageSize=1&pageNumber=2')).data)).toEqual(['1.1.0']);
  expect(names((await admin.tell('POST', `${API}/version/list/pp/npm?packageKey=npm://left-pad`)).data)).toEqual(['1.1.0', '1.0.0']);
  expect(names((await admin.tell('POST', `${API}/version/list/pp/npm?packageKey=npm://left-pad`, { version: '1.0' })).data)).toEqual([
    '1.0.0',
  ]);
  expect((await admin.tell('GET', `${API}/version/page/pp/npm?packageKey=npm://none`)).data).toMatchObject({
    records: [],
    totalRecords: 0,
  });
});

test('the format service tells the details of a version', async () => {
  const admin = await stocked();
  const detail = (query: string) => admin.tell('GET', `/npm/ext/version/detail/pp/npm?${query}`);
  expect(await detail('packageKey=npm://left-pad&version=1.0.0')).toMatchObject({
    data: { basic: { version: '1.0.0', fullPath: '/left-pad/-/left-pad-1.0.0.tgz', size: 10 }, metadata: [] },
  });
  expect(await detail('packageKey=npm://none&version=1.0.0')).toEqual({ status: 404, code: 251017, data: null });
  expect(await detail('packageKey=npm://left-pad&version=9')).toEqual({ status: 404, code: 251019, data: null });
});

test('metadata of a version is merged', async () => {
  const admin = await stocked();
  const save = (version: string, versionMetadata: unknown) =>
    admin.tell('POST', `${API}/metadata/package/pp/npm`, { packageKey: 'npm://left-pad', version, versionMetadata });
  expect(await save('1.1.0', [{ key: 'stage', value: 'prod', description: 'where' }])).toEqual({ status: 200, code: 0, data: null });
  expect((await admin.tell('GET', `${API}/version/page/pp/npm?packageKey=npm://left-pad&version=1.1.0`)).data).toMatchObject({
    records: [{ metadata: { a: 'b', stage: 'prod' }, packageMetadata: [{ key: 'a' }, { key: 'stage', description: 'where' }] }],
  });
  expect(await save('9', [{ key: 'k', value: 'v' }])).toEqual({ status: 404, code: 251019, data: null });
  expect(await save('1.1.0', [{ key: 'scanStatus', value: 'v' }])).toEqual({ status: 400, code: 251504, data: null });
});

test('packages are searched for', async () => {
  const admin = await stocked();
  const rules = [
    { field: 'projectId', value: 'pp', operation: 'EQ' },
    { field: 'name', value: '*pad', operation: 'MATCH' },
  ];
  const told = await admin.tell('POST', `${API}/package/search`, { select: ['name', 'latest'], rule: { relation: 'AND', rules } });
  expect(told.data).toMatchObject({ records: [{ name: 'left-pad', latest: '1.1.0' }], totalRecords: 1 });
});

test('a package goes with its last version', async () => {
  const admin = await stocked();
  const left = async () => names((await admin.tell('GET', `${API}/package/page/pp/npm`)).data);
  const remove = (what: string) => admin.tell('DELETE', `${API}/${what}`);
  const done = { status: 200, code: 0, data: null };
  expect(await remove('version/delete/pp/npm?packageKey=npm://left-pad&version=1.1.0')).toEqual(done);
  expect(await admin.tell('GET', `${API}/package/info/pp/npm?packageKey=npm://left-pad`)).toMatchObject({
    data: { versions: 1, latest: '1.0.0' },
  });
  expect(await remove('version/delete/pp/npm?packageKey=npm://left-pad&version=1.0.0')).toEqual(done);
  expect(await left()).toEqual(['Right-Pad']);
  expect(await remove('package/delete/pp/npm?packageKey=npm://Right-Pad')).toEqual(done);
  expect(await remove('package/delete/pp/npm?packageKey=npm://Right-Pad')).toEqual(done);
  expect(await left()).toEqual([]);
});

test('readers delete nothing', async () => {
  const admin = await stocked();
  const reader = await addUser(admin, 'reader', { repos: ['npm'], actions: ['READ'] });
  expect(names((await reader.tell('GET', `${API}/package/page/pp/npm`)).data)).toEqual(['Right-Pad', 'left-pad']);
  expect(await reader.tell('DELETE', `${API}/package/delete/pp/npm?packageKey=npm://left-pad`)).toEqual({
    status: 403,
    code: 250113,
    data: null,
  });
});

test('packages keep a repository from being deleted, and go with it by force', async () => {
  const admin = await stocked();
  expect(await admin.tell('DELETE', `${API}/repo/delete/pp/npm`)).toEqual({ status: 400, code: 251008, data: null });
  expect(await admin.tell('DELETE', `${API}/repo/delete/pp/npm?forced=true`)).toMatchObject({ code: 0 });
  await addRepository(admin, { name: 'npm', type: 'NPM' });
  expect(names((await admin.tell('GET', `${API}/package/page/pp/npm`)).data)).toEqual([]);
});
