import { cleanUp } from '../../helpers';
import { type Distribution, metadataOf, sdist, upload, wheel } from '../../formats/python-files';
import { addRepository, addUser, basic, bkRepo, client, type Client, paths } from './support';

afterEach(cleanUp);

const CORE = { name: 'Acme.Core', version: '1.0', headers: ['Summary: of the team'] };
const API = '/repository/api';
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

async function withPypi(options: Parameters<typeof bkRepo>[0] = {}): Promise<Client> {
  const admin = await bkRepo(options);
  await addRepository(admin, { name: 'pypi', type: 'PYPI' });
  return admin;
}

/** Uploads a wheel as a user; tells the status and what pip and twine would show. */
async function publish(url: string, user: string, { repository = 'pypi', ...given }: Distribution & { repository?: string }) {
  const headers = user === '' ? {} : { authorization: basic(user, user === 'admin' ? 'password' : 'secret') };
  const answer = await upload(`${url}/pypi/pp/${repository}`, await wheel(given), { headers });
  return [answer.status, answer.statusText];
}

test('what was uploaded is listed with its versions, in the index and by its nodes, and keeps the repository from being deleted', async () => {
  const admin = await withPypi();
  for (const version of ['1.0', '1.1']) expect(await publish(admin.url, 'admin', { ...CORE, version })).toEqual([200, 'OK']);
  const source = await upload(`${admin.url}/pypi/pp/pypi/`, sdist(CORE), { headers: { authorization: basic('admin', 'password') } });
  expect(source.status).toBe(200);
  const info = (await admin.tell('GET', `${API}/package/info/pp/pypi?packageKey=pypi://acme-core`)).data;
  expect(info).toMatchObject({ name: 'acme-core', type: 'PYPI', description: 'of the team', versions: 2, createdBy: 'admin' });
  const index = async (path: string) => (await admin.send('GET', `/pypi/pp/pypi/${path}`, { headers: { accept: JSON_TYPE } })).json;
  const names = ['acme_core-1.0-py3-none-any.whl', 'acme_core-1.0.tar.gz', 'acme_core-1.1-py3-none-any.whl'];
  expect(await index('simple/acme-core/')).toMatchObject({
    versions: ['1.0', '1.1'],
    files: names.map((filename) => ({ filename, url: `${admin.url}/pypi/pp/pypi/acme-core/${filename}` })),
  });
  const moved = await admin.send('GET', '/pypi/pp/pypi/simple/Acme_Core');
  expect([moved.status, moved.header('location')]).toEqual([301, `${admin.url}/pypi/pp/pypi/simple/acme-core/`]);
  expect(await index('simple/')).toMatchObject({ projects: [{ name: 'acme-core' }] });
  expect((await paths(admin, 'pypi')).filter((path) => path.includes('.'))).toEqual(names.map((name) => `/acme-core/${name}`));
  const metadata = await admin.send('GET', `/pypi/pp/pypi/acme-core/${names[0]}.metadata`);
  expect([metadata.status, metadata.text]).toEqual([200, metadataOf(CORE)]);
  expect((await admin.send('GET', `/pypi/pp/pypi/acme-core/${names[0]}`)).header('x-checksum-md5')).toMatch(/^[0-9a-f]{32}$/);
  expect((await admin.send('PUT', '/pypi/pp/pypi/acme-core/1.1/yanked', { body: 'breaks' })).status).toBe(200);
  expect(await index('simple/acme-core/')).toMatchObject({ files: [{}, {}, { yanked: 'breaks' }] });
  expect(await admin.tell('DELETE', `${API}/repo/delete/pp/pypi`)).toEqual({ status: 400, code: 251008, data: null });
});

test('who may read installs, who may write uploads and yanks, and refusals come in the form that pip and twine show', async () => {
  const admin = await withPypi();
  await addUser(admin, 'reader', { repos: ['pypi'], actions: ['READ'] });
  await addUser(admin, 'writer', { repos: ['pypi'], actions: ['READ', 'WRITE'] });
  expect(await publish(admin.url, 'reader', CORE)).toEqual([403, expect.stringContaining('does not have [WRITE] permission')]);
  expect(await publish(admin.url, 'writer', CORE)).toEqual([200, 'OK']);
  const other = await publish(admin.url, 'writer', { ...CORE, headers: [] });
  expect(other).toEqual([400, expect.stringContaining('File already exists')]);
  const reader = client(admin.url, basic('reader', 'secret'));
  expect((await reader.send('GET', '/pypi/pp/pypi/simple/acme-core/')).status).toBe(200);
  const refused = await reader.send('PUT', '/pypi/pp/pypi/acme-core/1.0/yanked');
  expect([refused.status, refused.json]).toMatchObject([403, { code: expect.stringContaining('[WRITE]') as string }]);
  const stranger = await client(admin.url).send('GET', '/pypi/pp/pypi/simple/acme-core/');
  expect([stranger.status, stranger.header('www-authenticate')]).toEqual([401, 'Basic realm="Authentication Required"']);
  expect((await publish(admin.url, '', CORE))[0]).toBe(401);
});

test('a file beyond the quota is refused, and nothing of it is left', async () => {
  const admin = await withPypi();
  await addRepository(admin, { name: 'small', type: 'PYPI', quota: 100 });
  const refused = await publish(admin.url, 'admin', { ...CORE, repository: 'small' });
  expect(refused).toEqual([
    400,
    expect.stringContaining('Exceeded repository [small] quota value [100 B], of which 0 B is used, and this needs '),
  ]);
  expect((await admin.send('GET', '/pypi/pp/small/simple/acme-core/')).status).toBe(404);
});

test('a strict server takes no uploads', async () => {
  const admin = await withPypi({ strict: true });
  expect((await publish(admin.url, 'admin', CORE))[0]).toBe(404);
});
