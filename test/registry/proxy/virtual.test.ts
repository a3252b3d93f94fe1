import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

const files = (status: number, text: string) => upstream((_request, response) => void response.writeHead(status).end(text));
const packument = (version: string) => JSON.stringify({ name: 'pk', 'dist-tags': {}, versions: { [version]: { name: 'pk', version } } });

/** A virtual of an internal and a public repository; the public one has everything. */
async function setUp(type: string, internal: Record<string, unknown>, text: string) {
  const open = await files(200, text);
  const { url } = await registry();
  await addRemote(url, { name: 'internal', package_type: type, mutable_ttl: 0, ...internal });
  await addRemote(url, { name: 'open', package_type: type, base_url: open.url });
  await addVirtual(url, { name: 'v', package_type: type, members: ['internal', 'open'] });
  return { url, open };
}

test.each([404, 410])('a file comes from the first member that has it; %d says that one does not', async (status) => {
  const { url } = await setUp('generic', { base_url: (await files(status, 'no')).url }, 'open');
  expect((await call('GET', `${url}/api/v1/virtual/v/tool.tgz`)).text).toBe('open');
});

test.each([400, 401, 402, 403, 405, 407, 408, 409, 418, 421, 423, 425, 429, 451, 500, 502, 503, 504, 206, 302, 304])(
  'a member that answers %d does not let a later one answer for its files or its packages',
  async (status) => {
    const internal = await files(status, 'no');
    for (const [type, path] of [
      ['generic', 'tool.tgz'],
      ['npm', 'pk'],
      ['npm', 'pk/-/pk-1.0.0.tgz'],
    ] as const) {
      const { url, open } = await setUp(type, { base_url: internal.url }, packument('9.9.9'));
      for (const method of ['GET', 'HEAD']) {
        const answer = await call(method, `${url}/api/v1/virtual/v/${path}`);
        expect([type, method, answer.status]).toEqual([type, method, 502]);
        if (method === 'GET') expect(answer.reason).toMatch(/^member "internal" of virtual "v" failed: upstream of remote "internal" /);
      }
      if (path !== 'pk') expect(open.requests).toHaveLength(0);
    }
  },
);

test('an index that cannot be merged is an error with the name of its member', async () => {
  const index = (more = '') => `apiVersion: v1\nentries:\n  pk:\n    - { name: pk, version: 1.0.0${more}, urls: [pk-1.0.0.tgz] }\n`;
  const twice = await files(200, index(', version: 2.0.0'));
  const { url } = await setUp('helm', { base_url: twice.url }, index());
  const answer = await call('GET', `${url}/api/v1/virtual/v/index.yaml`);
  expect([answer.status, answer.reason]).toEqual([502, 'member "internal" of virtual "v" failed: not YAML: duplicated mapping key']);
});

test('a member that is down does not let a later one answer for its files', async () => {
  const internal = await files(200, 'internal');
  const { url, open } = await setUp('generic', { base_url: internal.url }, 'open');
  await internal.stop();
  expect((await call('GET', `${url}/api/v1/virtual/v/tool.tgz`)).status).toBe(502);
  expect(open.requests).toHaveLength(0);
});

test.each([403, 429, 500])('a member that fails with %d is there with its last good copy, marked', async (failure) => {
  let status = 200;
  const internal = await upstream((_request, response) => void response.writeHead(status).end(status === 200 ? packument('1.0.0') : 'no'));
  const { url } = await setUp('npm', { base_url: internal.url }, packument('9.9.9'));
  const ask = async () => {
    const answer = await call('GET', `${url}/api/v1/virtual/v/pk`);
    return [Object.keys((answer.json as { versions: object }).versions).sort(), answer.header('warning')];
  };
  expect(await ask()).toEqual([['1.0.0', '9.9.9'], null]);
  status = failure;
  expect(await ask()).toEqual([['1.0.0', '9.9.9'], '110 - "Response is Stale"']);
});

test('a member whose own lists deny a path is passed over; 403 when all deny', async () => {
  const internal = await files(200, packument('1.0.0'));
  const { url } = await setUp('npm', { base_url: internal.url, patterns: ['^@corp/'] }, packument('9.9.9'));
  expect((await call('GET', `${url}/api/v1/virtual/v/pk`)).text).toContain('9.9.9');
  expect((await call('GET', `${url}/api/v1/virtual/v/pk/-/pk-9.9.9.tgz`)).status).toBe(200);
  await call('PUT', `${url}/api/v2/remotes/open`, { body: { package_type: 'npm', base_url: internal.url, blocklist: ['pk'] } });
  for (const path of ['pk', 'pk/-/pk-9.9.9.tgz']) {
    expect((await call('GET', `${url}/api/v1/virtual/v/${path}`)).status).toBe(403);
    expect((await call('HEAD', `${url}/api/v1/virtual/v/${path}`)).status).toBe(403);
  }
  expect(internal.requests).toHaveLength(0);
});

test('a member that was deleted is an error, since what it had must not come from the others', async () => {
  const { url, open } = await setUp('generic', { base_url: (await files(200, 'internal')).url }, 'open');
  await call('DELETE', `${url}/api/v2/remotes/internal`);
  const answer = await call('GET', `${url}/api/v1/virtual/v/tool.tgz`);
  expect([answer.status, answer.text]).toEqual([502, 'member "internal" of virtual "v" does not exist\n']);
  expect(open.requests).toHaveLength(0);
});

test('HEAD of a file asks for headers only', async () => {
  const one = await upstream((_request, response) => response.setHeader('content-length', 4).end('data'));
  const { url } = await setUp('generic', { base_url: one.url }, 'open');
  const answer = await call('HEAD', `${url}/api/v1/virtual/v/tool.tgz`);
  expect([answer.status, answer.header('content-length'), one.requests.map(({ method }) => method)]).toEqual([200, '4', ['HEAD']]);
});
