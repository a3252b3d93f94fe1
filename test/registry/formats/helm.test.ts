import { parse } from 'yaml';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';
import { answerOf, told } from './documents';
import { chart, indexOf } from './helm-charts';

afterEach(cleanUp);

interface Index {
  entries: Record<string, { version: string; urls: string[] }[]>;
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
    expect([answer.status, answer.reason]).toEqual([
      502,
      expect.stringContaining(`member "${member}" of virtual "with-${member}" failed: `),
    ]);
  }
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

const PUBLIC = `apiVersion: v1
entries:
  app: [{ name: app, version: 9.9.9, urls: [app-9.9.9.tgz, "http://cdn.example.com/app-9.9.9.tgz"] }]
  pub: [{ name: pub, version: 1.0.0, urls: [pub-1.0.0.tgz] }]
`;

test('a public chart of the same name never shadows the internal one, whatever its version', async () => {
  const open = await upstream((request, response) => void response.end(request.url === '/index.yaml' ? PUBLIC : chart('app', '9.9.9')));
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'helm', base_url: open.url });
  // The order of the members does not matter.
  await addVirtual(url, { name: 'v', package_type: 'helm', members: ['r', 'l'] });
  expect((await indexOf(`${url}/api/v1/virtual/v/`))['app']?.map(([version]) => version)).toEqual(['9.9.9']);
  const ours = chart('app', '1.0.0');
  expect((await call('POST', `${url}/api/v1/local/l/api/charts`, { body: ours })).status).toBe(201);
  expect(await indexOf(`${url}/api/v1/virtual/v/`)).toEqual({
    app: [['1.0.0', `${url}/api/v1/local/l/app-1.0.0.tgz`]],
    pub: [['1.0.0', `${url}/api/v1/remote/r/pub-1.0.0.tgz`]],
  });
  const asked = open.requests.length;
  const [files, others] = [
    ['app-9.9.9.tgz', 'app-9.9.9.tgz.prov', 'charts/app-9.9.9.tgz', '-/app/9.9.9/app-9.9.9.tgz'],
    ['app-9.9.9.tgz/', 'app-9.9.9.tgz/more', 'app-9.9.9.tgz.asc', 'app-latest.tgz', 'app.tgz', 'api/charts/app/9.9.9', 'v2/app/more'],
  ];
  for (const path of [...files, ...others])
    expect([path, (await call('GET', `${url}/api/v1/virtual/v/${path}`)).status]).toEqual([path, 404]);
  expect(Buffer.from(await (await fetch(`${url}/api/v1/virtual/v/app-1.0.0.tgz`)).arrayBuffer())).toEqual(ours);
  expect(open.requests).toHaveLength(asked);
  expect((await call('GET', `${url}/api/v1/virtual/v/index.yaml/`)).text).not.toContain('9.9.9');
  expect((await call('GET', `${url}/api/v1/virtual/v/pub-1.0.0.tgz`)).status).toBe(200);
});

test.each(['slow', 'failing'])(
  'while the public repository is %s, what is internal is served, and no index without the one or the other',
  async (how) => {
    const open = await upstream((_request, response) => {
      if (how === 'failing') response.writeHead(500).end();
      else setTimeout(() => response.end(PUBLIC), 300);
    });
    const { url } = await registry();
    await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
    await addRemote(url, { name: 'r', package_type: 'helm', base_url: open.url });
    await addVirtual(url, { name: 'v', package_type: 'helm', members: ['l', 'r'] });
    await call('POST', `${url}/api/v1/local/l/api/charts`, { body: chart('app', '1.0.0') });
    expect((await call('GET', `${url}/api/v1/virtual/v/app-1.0.0.tgz`)).status).toBe(200);
    expect((await call('GET', `${url}/api/v1/virtual/v/app-9.9.9.tgz`)).status).toBe(404);
    expect(open.requests).toHaveLength(0);
    const index = await call('GET', `${url}/api/v1/virtual/v/index.yaml`);
    if (how === 'failing') expect([index.status, index.reason]).toEqual([502, expect.stringContaining('member "r" of virtual "v" failed')]);
    else expect((await indexOf(`${url}/api/v1/virtual/v/`))['app']?.map(([version]) => version)).toEqual(['1.0.0']);
  },
);

test.each(['name: *a11', 'version: *a11', 'created: *a11', 'urls: [*a11]', '? *a11\n      : x'])(
  'an index that is endless by its aliases ends: %s',
  async (line) => {
    const lines = Array.from({ length: 11 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(',')}]`);
    const index = `apiVersion: v1\na0: &a0 [x, x]\n${lines.join('\n')}\nentries:\n  app:\n    - version: 1.0.0\n      ${line}\n`;
    const hostile = await upstream(
      (_request, response) => void response.end(index.replace('- version: 1.0.0\n      version', '- version')),
    );
    const { url } = await registry();
    await addRemote(url, { name: 'r', package_type: 'helm', base_url: hostile.url });
    await addVirtual(url, { name: 'v', package_type: 'helm', members: ['r'] });
    for (const place of ['remote/r', 'virtual/v'])
      expect([200, 502]).toContain((await call('GET', `${url}/api/v1/${place}/index.yaml`)).status);
  },
);

test('a chart on another host has the digest that the index says, and its provenance file has none', async () => {
  const url = 'https://cdn.example.com/app.tgz';
  const entry = (digest: string) => `entries: { app: [{ name: app, version: 1.0.0, digest: ${digest}, urls: ["${url}"] }] }`;
  const ask = (digest: string, end = '') => told('helm', `-/app/1.0.0/app.tgz${end}`, answerOf('index.yaml', entry(digest)));
  const hex = '12'.repeat(32);
  expect(await ask(hex)).toEqual({ by: 'index.yaml', url, digest: { algorithm: 'sha256', hex } });
  expect(await ask(hex, '.prov')).toEqual({ by: 'index.yaml', url: `${url}.prov` });
  expect(await ask('12')).toEqual({ by: 'index.yaml', url });
});
