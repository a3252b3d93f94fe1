import { call, cleanUp } from '../helpers';
import { basic, bearer, guarded } from './support';

afterEach(cleanUp);

/** Two failed logins are too many. */
async function limited() {
  const ports = { bkrepo: { port: 0 }, kubesphere: { port: 0 } };
  const { urls, secrets } = await guarded(
    {},
    { loginLimit: 2, anonymousRead: ['open-*'], backends: ['artifactapi', 'bkrepo', 'kubesphere'], ...ports },
  );
  const { artifactapi = '', bkrepo = '', kubesphere = '' } = urls;
  const admin = { artifactapi: bearer(secrets.admin), bkrepo: basic('password', 'admin'), kubesphere: basic('P@88w0rd', 'admin') };
  return { artifactapi, bkrepo, kubesphere, admin };
}

const status = async (method: string, url: string, headers = {}) => (await call(method, url, { headers })).status;
const ROOM = [0, 1, 2, 3];

test('clients that ask before they log in have not failed to, whatever they ask', async () => {
  const { artifactapi, bkrepo, admin } = await limited();
  for (const [method, path] of [
    ['GET', '/api/v1/virtual/npm/app'],
    ['GET', '/api/v1/virtual/pypi/simple/app/'],
    ['PUT', '/api/v2/remotes/own/files/a'],
    ['POST', '/v2/own/app/blobs/uploads/'],
  ] as const)
    for (const _ of ROOM) expect([path, await status(method, artifactapi + path)]).toEqual([path, 401]);
  expect(await status('GET', `${artifactapi}/api/v2/remotes`, admin.artifactapi)).toBe(200);

  const project = { headers: admin.bkrepo, body: { name: 'pp', displayName: 'pp', description: '' } };
  expect((await call('POST', `${bkrepo}/repository/api/project/create`, project)).status).toBe(200);
  for (const [name, repositoryType] of [
    ['npm', 'NPM'],
    ['pip', 'PYPI'],
    ['mvn', 'MAVEN'],
    ['img', 'DOCKER'],
  ] as const) {
    const repository = { headers: admin.bkrepo, body: { projectId: 'pp', name, type: repositoryType, category: 'LOCAL' } };
    expect((await call('POST', `${bkrepo}/repository/api/repo/create`, repository)).status).toBe(200);
  }
  for (const [method, path] of [
    ['GET', '/npm/pp/npm/app'],
    ['GET', '/pypi/pp/pip/simple/app/'],
    ['PUT', '/maven/pp/mvn/g/a/1/a-1.jar'],
    ['GET', '/v2/'],
    ['GET', '/v2/pp/img/app/manifests/1'],
  ] as const)
    for (const _ of ROOM) expect([path, await status(method, bkrepo + path)]).toEqual([path, 401]);
  // At the same address, with a password that was not used before: only failed logins would be in its way.
  const user = { headers: admin.bkrepo, body: { userId: 'dev', name: 'dev', pwd: 'secret' } };
  expect((await call('POST', `${bkrepo}/auth/api/user/create`, user)).status).toBe(200);
  expect(await status('GET', `${bkrepo}/v2/`, basic('secret', 'dev'))).toBe(200);
});

test.each(['artifactapi', 'bkrepo'] as const)(
  'who uses the token that clients of images get without a login has not failed to log in: %s',
  async (backend) => {
    const { [backend]: url, admin } = await limited();
    const { token } = (await call('GET', `${url}/v2/auth`)).json as { token: string };
    if (backend === 'bkrepo') {
      const project = { headers: admin.bkrepo, body: { name: 'pp', displayName: 'pp', description: '' } };
      expect((await call('POST', `${url}/repository/api/project/create`, project)).status).toBe(200);
      const repository = { headers: admin.bkrepo, body: { projectId: 'pp', name: 'img', type: 'DOCKER', category: 'LOCAL' } };
      expect((await call('POST', `${url}/repository/api/repo/create`, repository)).status).toBe(200);
    }
    for (const _ of ROOM) {
      expect(await status('GET', `${url}/v2/pp/img/app/manifests/1`, bearer(token))).toBe(401);
      expect(await status('POST', `${url}/v2/pp/img/app/blobs/uploads/`, bearer(token))).toBe(401);
    }
    expect(await status('GET', `${url}/v2/`, basic('wrong', 'admin'))).toBe(401);
  },
);

test('who follows a link whose signature has expired has not failed to log in', async () => {
  const { artifactapi } = await limited();
  const link = `${artifactapi}/api/v1/local/own/a?signature=rfs_${'x'.repeat(20)}.${'A'.repeat(43)}`;
  for (const _ of ROOM) expect(await status('GET', link)).toBe(401);
  expect(await status('GET', `${artifactapi}/api/v2/remotes`, basic('wrong'))).toBe(401);
});

test.each([
  ['artifactapi', '/api/v2/remotes'],
  ['bkrepo', '/repository/api/project/list'],
  ['bkrepo', '/v2/'],
  ['kubesphere', '/kapis/application.kubesphere.io/v2/repos'],
] as const)('who sends wrong credentials has failed to log in: %s%s', async (backend, path) => {
  const { [backend]: url } = await limited();
  const statuses: number[] = [];
  for (const password of ['one', 'two', 'three']) statuses.push(await status('GET', url + path, basic(password, 'admin')));
  expect(statuses).toEqual([401, 401, 429]);
});
