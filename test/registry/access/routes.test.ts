import { type RouteOptions } from 'fastify';
import { Access } from '../../../src/registry/access/access';
import { artifactApi } from '../../../src/registry/backends/artifactapi';
import { type Context } from '../../../src/registry/context';
import { Faults } from '../../../src/registry/faults/fault';
import { faultHooks } from '../../../src/registry/faults/hooks';
import { newApp } from '../../../src/registry/http-app';
import { silent } from '../../../src/registry/logger';
import { Operations } from '../../../src/registry/operations/operations';
import { addRemote, call, cleanUp, openTestStore, tempFolder } from '../helpers';
import { basic, bearer, guarded } from './support';

afterEach(cleanUp);

/** What everybody may ask for, whoever it is: whether the registry is well. */
const PAGE = ['', '/', '/page.js', '/page.css', '/icon.svg', '/api/about'].map((path) => `/ui${path}`);
const OPEN = ['/health', '/api/v2/health', ...PAGE].flatMap((path) => [`GET ${path}`, `HEAD ${path}`]);

/** Every route of ArtifactAPI, with the controls of faults. */
async function routesOf(): Promise<RouteOptions[]> {
  const store = await openTestStore(tempFolder());
  const access = new Access(store, { isRequired: true, isLimited: false }, silent);
  const operations = await Operations.open({ options: {}, logger: silent, strict: false, trustForwarded: false, environment: {} });
  const app = newApp('artifactapi', { operations }, { answer: (_error, { reply }) => reply.code(500) });
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  faultHooks(app, new Faults());
  artifactApi(app, { store, access, strict: false } as Context);
  await app.ready();
  await app.close();
  await store.close();
  return routes;
}

const requestsOf = ({ method, url }: RouteOptions) =>
  [method].flat().map((each) => ({ method: each, path: url.replace(/:[^/]+/g, 'some').replace('*', 'a/b') }));

test('every route says what it needs, and refuses who does not log in, whatever the way of asking', async () => {
  const routes = await routesOf();
  expect(routes.length).toBeGreaterThan(50);
  const unsaid = routes.filter(({ config, url }) => !config?.access && !url.startsWith('/__')).map(({ url }) => url);
  expect(unsaid).toEqual([]);
  const { url } = await guarded({}, { faults: true, loginLimit: 0 });
  const answered: string[] = [];
  for (const { method, path } of routes.flatMap(requestsOf)) {
    for (const headers of [{}, basic('wrong'), bearer('wrong'), { authorization: 'Negotiate x' }]) {
      const answer = await call(method, url + path, { headers });
      if (answer.status === 401) expect(answer.header('www-authenticate')).toMatch(/^(?:Basic|Bearer) realm="/);
      else answered.push(`${method} ${path}`);
    }
  }
  expect([...new Set(answered)].sort()).toEqual([...OPEN].sort());
});

test('what is no route is refused, too: nobody learns which there are', async () => {
  const { url, secrets } = await guarded({});
  for (const [method, path] of [
    ['OPTIONS', '/api/v2/remotes'],
    ['GET', '/api/v2/nothing'],
    ['PATCH', '/api/v2/remotes/x'],
    ['POST', '/health'],
    ['GET', '/api/v1/local'],
    ['GET', '/api/v2/remotes/../../health/..'],
  ] as const)
    expect([path, (await call(method, url + path)).status]).toEqual([path, 401]);
  expect((await call('GET', `${url}/api/v2/nothing`, { headers: bearer(secrets.admin) })).status).toBe(404);
});

test('a token in a query, a cookie or a header of another name is no login; a method in another place is not the method', async () => {
  const { url, secrets } = await guarded({ reader: ['read:*'] });
  const admin = secrets.admin;
  await addRemoteAs(url, admin, { name: 'l', package_type: 'generic', repo_type: 'local' });
  for (const [path, headers] of [
    [`?token=${admin}`, {}],
    [`?access_token=${admin}`, {}],
    ['', { cookie: `token=${admin}` }],
    ['', { 'x-auth-token': admin, 'private-token': admin, 'proxy-authorization': `Bearer ${admin}` }],
  ] as const)
    expect((await call('GET', `${url}/api/v2/remotes${path}`, { headers })).status).toBe(401);
  const tricks = { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE', 'x-method-override': 'DELETE' };
  const answer = await call('GET', `${url}/api/v2/remotes/l?_method=DELETE`, { headers: { ...bearer(secrets.reader), ...tricks } });
  expect(answer.status).toBe(200);
  expect((await call('POST', `${url}/api/v2/remotes/l?_method=GET`, { headers: bearer(secrets.reader) })).status).toBe(404);
  expect((await call('GET', `${url}/api/v2/remotes/l`, { headers: bearer(admin) })).status).toBe(200);
});

test('where no login is required, everything is as it was, whatever credentials a client sends', async () => {
  const { url } = await guarded({}, { auth: false });
  await addRemote(url, { name: 'l', repo_type: 'local' });
  expect((await call('GET', `${url}/api/v2/remotes/l`, { headers: bearer('wrong') })).status).toBe(200);
  expect((await call('GET', `${url}/v2/`)).status).toBe(200);
  expect((await call('GET', `${url}/v2/auth`)).status).toBe(404);
});

async function addRemoteAs(url: string, secret: string, body: Record<string, unknown>): Promise<void> {
  expect((await call('POST', `${url}/api/v2/remotes`, { body, headers: bearer(secret) })).status).toBe(201);
}
