import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type FastifyInstance, type RouteOptions } from 'fastify';
import { type AuditEntry } from '../../../src/registry/access/audit';
import { type BackendName, type RegistryOptions } from '../../../src/registry/server';
import { call, cleanUp } from '../helpers';
import { bearer, guarded } from './support';

afterEach(cleanUp);

/** What is asked with a method of changes and changes nothing, and why its method is not GET. */
const READS: Readonly<Record<string, string>> = {
  'artifactapi POST /api/v2/probe': 'fetches as a GET of the file would; the path is in the body',
  'bkrepo POST /repository/api/proxy-channel/check': 'asks whether an upstream answers',
  'bkrepo POST /auth/api/permission/check': 'asks whether somebody may do something',
  'bkrepo POST /generic/some/some/search': 'the query is in the body',
  'bkrepo POST /repository/api/node/search': 'the query is in the body',
  'bkrepo POST /repository/api/node/query': 'the query is in the body',
  'bkrepo POST /repository/api/package/search': 'the query is in the body',
  'bkrepo POST /repository/api/version/list/some/some': 'the query is in the body',
  'kubesphere POST /oauth/token': 'a login; the password is in the body',
};

const password = (user: string, secret: string) => ({ authorization: `Basic ${btoa(`${user}:${secret}`)}` });
const READING = ['GET', 'HEAD', 'OPTIONS'];

/** A registry that requires logins, and the routes of each of its backends, as they are registered. */
async function withRoutes(backends: readonly BackendName[], options: Partial<RegistryOptions>) {
  const routes: RouteOptions[][] = [];
  const made = (message: unknown) => {
    const own: RouteOptions[] = [];
    routes.push(own);
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', (route) => void own.push(route));
  };
  subscribe('fastify.initialization', made);
  const running = await guarded({}, { backends, ...options });
  unsubscribe('fastify.initialization', made);
  expect(routes.map(({ length }) => length > 20)).toEqual(backends.map(() => true));
  return { ...running, routesOf: (backend: BackendName) => routes[backends.indexOf(backend)] ?? [] };
}

/** The whole record, in order. */
async function entriesAt(url: string, headers: Record<string, string>): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const answer = await call('GET', `${url}/api/registry/audit?limit=1000&before=${next}`, { headers });
    const page = answer.json as { readonly entries: readonly AuditEntry[]; readonly next?: string };
    entries.push(...page.entries);
    ({ next } = page);
  }
  return entries.reverse();
}

test.each<[readonly BackendName[], Partial<RegistryOptions>]>([
  [['artifactapi', 'bkrepo', 'kubesphere'], { bkrepo: { port: 0 }, kubesphere: { port: 0, version: '4.1' } }],
  [['artifactapi', 'kubesphere'], { kubesphere: { port: 0, version: '3.4' } }],
])('each request by a route that can change something is recorded once: %j %j', async (backends, options) => {
  const { url, urls, secrets, routesOf } = await withRoutes(backends, options);
  const admins = { artifactapi: bearer(secrets.admin), bkrepo: password('admin', 'password'), kubesphere: password('admin', 'P@88w0rd') };
  const sent: string[] = [];
  for (const backend of backends) {
    for (const { method: methods, url: pattern } of routesOf(backend)) {
      const path = pattern.replace(/:[^/]+/g, 'some').replace('*', 'a/b');
      for (const method of [methods].flat().filter((each) => !READING.includes(each))) {
        expect((await call(method, `${urls[backend]}${path}`, { headers: admins[backend] })).status).not.toBe(401);
        sent.push(`${backend} ${method} ${path}`);
      }
    }
  }
  const entries = await entriesAt(url, admins.artifactapi);
  expect(entries.map(({ backend, method, path }) => `${backend} ${method} ${path}`)).toEqual(sent.filter((each) => !(each in READS)));
  expect([...new Set(entries.map(({ who }) => who))]).toEqual(['token:admin', 'admin']);
});
