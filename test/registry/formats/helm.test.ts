import { parse } from 'yaml';
import { addRemote, addVirtual, call, cleanUp, registry, tarball, upstream } from '../helpers';

afterEach(cleanUp);

interface Index {
  entries: Record<string, { version: string; urls: string[]; digest?: string; name?: string }[]>;
}

const summary = (text: string) =>
  Object.fromEntries(Object.entries((parse(text) as Index).entries).map(([name, list]) => [name, list.map((v) => [v.version, ...v.urls])]));

test.each([true, false])('a virtual merges indexes and leads links through the registry (strict: %s)', async (strict) => {
  const one = await upstream((_request, response) =>
    response.end(
      [
        'apiVersion: v1',
        'entries:',
        '  app:',
        `    - { name: app, version: 1.0.0, urls: ["http://${_request.headers.host}/charts/app-1.0.0.tgz"] }`,
        '    - { name: app, version: 1.10.0, urls: [app-1.10.0.tgz] }',
        '    - { name: app, version: 1.9.0, urls: ["https://cdn.example.com/app-1.9.0.tgz"] }',
      ].join('\n'),
    ),
  );
  const two = await upstream((_request, response) =>
    response.end('apiVersion: v1\nentries: { app: [{ version: 1.0.0, urls: [other.tgz] }], db: [{ version: 2.0.0, urls: [sub/db.tgz] }] }'),
  );
  const { url } = await registry({ strict });
  await addRemote(url, { name: 'one', package_type: 'helm', base_url: `${one.url}/charts` });
  await addRemote(url, { name: 'two', package_type: 'helm', base_url: two.url });
  await addVirtual(url, { name: 'all', package_type: 'helm', members: ['one', 'two'] });
  const index = await call('GET', `${url}/api/v1/virtual/all/index.yaml`);
  expect(index.status).toBe(200);
  expect(summary(index.text)).toEqual({
    app: [
      ['1.10.0', `${url}/api/v1/remote/one/app-1.10.0.tgz`],
      ['1.9.0', strict ? 'https://cdn.example.com/app-1.9.0.tgz' : `${url}/api/v1/remote/one/-/app/1.9.0/app-1.9.0.tgz`],
      ['1.0.0', `${url}/api/v1/remote/one/app-1.0.0.tgz`],
    ],
    db: [['2.0.0', `${url}/api/v1/remote/two/sub/db.tgz`]],
  });
  expect(one.requests.map((request) => request.url)).toEqual(['/charts/index.yaml']);
  expect((await call('GET', `${url}/api/v1/virtual/all/index.yaml`)).text).toBe(index.text);
});

test('a member that fails or is no index is an error with its name, never an index without it', async () => {
  const good = await upstream((_request, response) => response.end('entries: { app: [{ version: 1.0.0, urls: [a.tgz] }] }'));
  const html = await upstream((_request, response) => response.end('just text'));
  const broken = await upstream((_request, response) => response.writeHead(500).end());
  const { url } = await registry();
  for (const [name, server] of Object.entries({ good, html, broken })) {
    await addRemote(url, { name, package_type: 'helm', base_url: server.url });
  }
  for (const member of ['html', 'broken']) {
    await addVirtual(url, { name: `with-${member}`, package_type: 'helm', members: ['good', member] });
    const answer = await call('GET', `${url}/api/v1/virtual/with-${member}/index.yaml`);
    expect([answer.status, answer.text]).toEqual([502, expect.stringContaining(`member "${member}" of virtual "with-${member}" failed: `)]);
  }
});

test('a local repository has an index of its charts, and a virtual merges it', async () => {
  const chart = tarball({ 'app/README.md': 'x'.repeat(2000), 'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 0.1.0\n' });
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
  await addVirtual(url, { name: 'v', package_type: 'helm', members: ['l'] });
  const uploaded = await call('PUT', `${url}/api/v2/remotes/l/files/app-0.1.0.tgz`, { body: chart });
  expect(uploaded.status).toBe(201);
  const { sha256 } = uploaded.json as { sha256: string };
  const index = parse((await call('GET', `${url}/api/v1/local/l/index.yaml`)).text) as Index;
  expect(index.entries['app']).toMatchObject([{ name: 'app', version: '0.1.0', digest: sha256, urls: ['app-0.1.0.tgz'] }]);
  const merged = summary((await call('GET', `${url}/api/v1/virtual/v/index.yaml`)).text);
  expect(merged).toEqual({ app: [['0.1.0', `${url}/api/v1/local/l/app-0.1.0.tgz`]] });
  const bytes = await (await fetch(`${url}/api/v1/local/l/app-0.1.0.tgz`)).arrayBuffer();
  expect(Buffer.from(bytes).equals(chart)).toBe(true);
});

test.each([
  [Buffer.from('no archive'), 'invalid file "x.tgz": not a helm chart: incorrect header check\n'],
  [tarball({ 'app/values.yaml': 'a: 1' }), 'invalid file "x.tgz": not a helm chart: the archive has no {chart}/Chart.yaml\n'],
  [tarball({ 'app/Chart.yaml': 'name: app' }), 'invalid file "x.tgz": not a helm chart: Chart.yaml has no name or version\n'],
])('what is no chart is refused with the reason', async (body, reason) => {
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
  const answer = await call('PUT', `${url}/api/v2/remotes/l/files/x.tgz`, { body });
  expect([answer.status, answer.text]).toEqual([400, reason]);
  expect((await call('GET', `${url}/api/v2/locals/l/objects`)).json).toMatchObject({ total: 0 });
});

test('in the strict mode a local helm repository is raw files, and a virtual has nothing but its index', async () => {
  const { url } = await registry({ strict: true });
  await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
  await addVirtual(url, { name: 'v', package_type: 'helm', members: ['l'] });
  await call('PUT', `${url}/api/v2/remotes/l/files/x.tgz`, { body: 'raw' });
  expect((await call('GET', `${url}/api/v1/local/l/index.yaml`)).status).toBe(404);
  expect((await call('GET', `${url}/api/v1/local/l/x.tgz`)).text).toBe('raw');
  expect((await call('GET', `${url}/api/v1/virtual/v/x.tgz`)).status).toBe(404);
});
