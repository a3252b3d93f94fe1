import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { addRemote, addVirtual, call, cleanUp, registry, tarball } from '../helpers';
import { chart, form, indexOf, provenance } from './helm-charts';

afterEach(cleanUp);

const APP = chart('app', '1.0.0', 'appVersion: "1.10"', 'deprecated: true');
const APP_PROVENANCE = provenance('app', '1.0.0', APP);

/** A small mapping that is endless with its aliases written out. */
function aliases(): string {
  const lines = Array.from({ length: 11 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(',')}]`);
  return ['a0: &a0 [x, x]', ...lines].join('\n');
}

async function local() {
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'helm', repo_type: 'local' });
  const at = `${url}/api/v1/local/l/`;
  const post = (body: unknown, path = 'api/charts', headers: Record<string, string> = {}) => call('POST', at + path, { body, headers });
  const put = (path: string, body: unknown) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body });
  const status = async (path: string) => (await call('GET', at + path)).status;
  return { url, at, post, put, status };
}

test('a chart is published once, by its own name, and replaced by force alone', async () => {
  const { at, post } = await local();
  const saved = await post(APP);
  expect([saved.status, saved.json]).toEqual([201, { saved: true }]);
  const again = await post(chart('app', '1.0.0', 'description: other'));
  expect([again.status, again.json]).toMatchObject([
    409,
    { error: expect.stringMatching(/^chart already exists: app-1\.0\.0\.tgz; /) as unknown },
  ]);
  expect(Buffer.from(await (await fetch(`${at}app-1.0.0.tgz`)).arrayBuffer())).toEqual(APP);
  expect((await post(chart('app', '1.0.0', 'description: other'), 'api/charts?force')).status).toBe(201);
  const { entries } = parse((await call('GET', `${at}index.yaml`)).text) as { entries: { app: object[] } };
  expect(entries.app).toMatchObject([{ description: 'other' }]);
});

test('the index is that of the charts there are, from new to old, and says where the API is', async () => {
  const { url, at, post, put } = await local();
  expect(await indexOf(at)).toEqual({});
  for (const version of ['1.9.0', '1.10.0-rc.1', '1.10.0']) expect((await post(chart('app', version))).status).toBe(201);
  const db = chart('db', '1.0.0+b.1');
  expect((await put('db-1.0.0%2Bb.1.tgz', db)).status).toBe(201);
  const text = (await call('GET', `${at}index.yaml`)).text;
  expect(parse(text)).toMatchObject({
    apiVersion: 'v1',
    serverInfo: { contextPath: '/api/v1/local/l' },
    entries: { db: [{ name: 'db', digest: createHash('sha256').update(db).digest('hex'), created: expect.any(String) as unknown }] },
  });
  expect(await indexOf(at)).toEqual({
    app: [
      ['1.10.0', 'app-1.10.0.tgz'],
      ['1.10.0-rc.1', 'app-1.10.0-rc.1.tgz'],
      ['1.9.0', 'app-1.9.0.tgz'],
    ],
    db: [['1.0.0+b.1', 'db-1.0.0%2Bb.1.tgz']],
  });
  expect((await call('GET', `${at}db-1.0.0%2Bb.1.tgz`)).status).toBe(200);
  const removed = await call('DELETE', `${at}api/charts/app/1.10.0`);
  expect([removed.status, removed.json]).toEqual([200, { deleted: true }]);
  expect((await indexOf(at))['app']?.map(([version]) => version)).toEqual(['1.10.0-rc.1', '1.9.0']);
  const unknown = await call('DELETE', `${at}api/charts/app/1.10.0`);
  expect([unknown.status, unknown.json]).toEqual([404, { error: 'chart not found: app 1.10.0' }]);
  await addVirtual(url, { name: 'v', package_type: 'helm', members: ['l'] });
  expect((await indexOf(`${url}/api/v1/virtual/v/`))['db']).toEqual([['1.0.0+b.1', `${at}db-1.0.0%2Bb.1.tgz`]]);
});

test('the API lists charts and their versions as JSON', async () => {
  const { at, post } = await local();
  for (const archive of [APP, chart('app', '2.0.0-rc.1'), chart('app-db', '1.0.0'), chart('zed', '1.0.0')]) await post(archive);
  const get = async (path: string) => (await call('GET', `${at}api/charts${path}`)).json;
  const all = (await get('')) as Record<string, { version: string }[]>;
  expect(Object.entries(all).map(([name, versions]) => [name, versions.map(({ version }) => version)])).toEqual([
    ['app', ['2.0.0-rc.1', '1.0.0']],
    ['app-db', ['1.0.0']],
    ['zed', ['1.0.0']],
  ]);
  expect(Object.keys((await get('?offset=1&limit=1')) as object)).toEqual(['app-db']);
  expect(await get('?limit=0')).toEqual({ error: 'limit is not a valid positive integer: "0"' });
  expect(await get('/app')).toHaveLength(2);
  expect(await get('/app/latest')).toMatchObject({ version: '1.0.0', appVersion: '1.10', deprecated: true, urls: ['app-1.0.0.tgz'] });
  expect(await get('/app/3.0.0')).toEqual({ error: 'chart not found: app 3.0.0' });
  expect(await get('/none')).toEqual({ error: 'chart not found: none' });
});

test('a provenance file comes with its chart or after it, vouches for its content, and goes with it', async () => {
  const { at, post, put, status } = await local();
  const both = await form({ chart: APP, prov: APP_PROVENANCE });
  expect((await post(both.body, 'api/charts', both.headers)).status).toBe(201);
  expect((await call('GET', `${at}app-1.0.0.tgz.prov`)).text).toBe(APP_PROVENANCE);
  expect((await call('GET', `${at}charts/app-1.0.0.tgz.prov`)).text).toBe(APP_PROVENANCE);
  expect((await post(APP_PROVENANCE, 'api/prov')).json).toEqual({ error: 'provenance file already exists: app-1.0.0.tgz.prov' });
  // What vouched for the old content must not refuse the new one.
  await post(chart('app', '1.0.0', 'description: other'), 'api/charts?force');
  expect(await status('app-1.0.0.tgz.prov')).toBe(404);
  const wrong = await post(APP_PROVENANCE, 'api/prov');
  expect([wrong.status, wrong.reason]).toEqual([
    400,
    expect.stringMatching(/^invalid provenance file: it vouches for app-1\.0\.0\.tgz with the SHA-256 /),
  ]);
  const other = chart('other', '1.0.0');
  expect((await put('other-1.0.0.tgz', other)).status).toBe(201);
  expect((await put('other-1.0.0.tgz.prov', provenance('other', '1.0.0', other))).status).toBe(201);
  expect((await put('x-1.0.0.tgz.prov', provenance('other', '1.0.0', other))).text).toBe(
    'invalid file "x-1.0.0.tgz.prov": it is the provenance file of other-1.0.0.tgz; upload it as other-1.0.0.tgz.prov\n',
  );
  await call('DELETE', `${at}api/charts/other/1.0.0`);
  expect(await status('other-1.0.0.tgz.prov')).toBe(404);
  expect(Object.keys(await indexOf(at))).toEqual(['app']);
});

test.each([
  ['no archive', Buffer.from('no archive'), 'not a helm chart: incorrect header check'],
  ['half an archive', APP.subarray(0, APP.length - 20), 'not a helm chart: unexpected end of file'],
  ['an archive of something else', tarball({ 'app/values.yaml': 'a: 1' }), 'not a helm chart: the archive has no {chart}/Chart.yaml'],
  ['no version', tarball({ 'app/Chart.yaml': 'name: app' }), 'not a helm chart: Chart.yaml has no name or version'],
  ['a list', tarball({ 'app/Chart.yaml': '- a' }), 'not a helm chart: Chart.yaml has no name or version'],
  ['no YAML', tarball({ 'app/Chart.yaml': 'a: [' }), /^not a helm chart: Chart\.yaml is not YAML: /],
  [
    'aliases without end',
    tarball({ 'app/Chart.yaml': `name: app\nversion: 1.0.0\n${aliases()}` }),
    /^not a helm chart: Chart\.yaml is expanded, it is longer than /,
  ],
  [
    'a name without end',
    tarball({ 'app/Chart.yaml': `${aliases()}\nversion: 1.0.0\nname: *a11\n` }),
    /^not a helm chart: Chart\.yaml is expanded, /,
  ],
  ['two of them', tarball({ 'a/Chart.yaml': 'name: a', 'b\\Chart.yaml': 'name: b' }), /^not a helm chart: it has more than one /],
  ['a bomb', gzipSync(Buffer.concat([Buffer.alloc(101 << 20)])), 'not a helm chart: unpacked it has more than 104857600 bytes'],
  [
    'a name that is a path',
    chart('"../../evil"', '1.0.0'),
    /^invalid chart name "\.\.\/\.\.\/evil" in Chart\.yaml: allowed are lower-case letters, /,
  ],
  ['a name with capitals', chart('App', '1.0.0'), /^invalid chart name "App" in Chart\.yaml: /],
  ['a version of two numbers', chart('app', '"1.0"'), /^invalid chart version "1\.0" in Chart\.yaml: expected SemVer 2, e\.g\. 1\.2\.3 or/],
  ['a version that is a path', chart('app', '1.0.0/../../x'), /^invalid chart version "1\.0\.0\/\.\.\/\.\.\/x" in Chart\.yaml: /],
])('what is no chart is refused with the reason, in each way of uploading it: %s', async (_what, body, reason) => {
  const { url, post, put } = await local();
  const expected = typeof reason === 'string' ? reason : (expect.stringMatching(reason) as unknown);
  const raw = await post(body);
  expect([raw.status, raw.reason]).toEqual([400, expected]);
  const sent = await form({ chart: body });
  const inForm = await post(sent.body, 'api/charts', sent.headers);
  expect([inForm.status, inForm.reason]).toEqual([400, expected]);
  const plain = await put('app-1.0.0.tgz', body);
  expect([plain.status, plain.text.startsWith('invalid file "app-1.0.0.tgz": ')]).toEqual([400, true]);
  expect((await call('GET', `${url}/api/v2/locals/l/objects`)).json).toMatchObject({ total: 0 });
});

test('a chart is uploaded as a file under its own name, at the top', async () => {
  const { put, status } = await local();
  const lie = await put('app-2.0.0.tgz', APP);
  expect([lie.status, lie.text]).toEqual([
    400,
    'invalid file "app-2.0.0.tgz": it is version 1.0.0 of the chart app; upload it as app-1.0.0.tgz\n',
  ]);
  const deep = await put('stable/app-1.0.0.tgz', APP);
  expect([deep.status, deep.text]).toEqual([
    400,
    'invalid file name: charts are kept at the top of a repository; upload it as app-1.0.0.tgz\n',
  ]);
  const usual = await put('charts/app-1.0.0.tgz', APP);
  expect([usual.status, usual.json]).toMatchObject([201, { path: 'app-1.0.0.tgz' }]);
  expect((await put('app-1.0.0.tgz', APP)).status).toBe(409);
  expect([await status('charts/app-1.0.0.tgz'), await status('app-1.0.0.tgz')]).toEqual([200, 200]);
  expect((await put('docs/README.md', '# read')).status).toBe(201);
});

test('a form without files, half a form, and what is no provenance file are refused with a reason', async () => {
  const { post } = await local();
  const refused = async (path: string, { body, headers = {} }: { body: unknown; headers?: Record<string, string> }) => {
    const answer = await post(body, path, headers);
    return [answer.status, answer.reason.replace(/[:;,].*/, '')];
  };
  const nothing = 'no package or provenance file found in form fields chart and prov';
  expect(await refused('api/charts', await form({ other: 'x' }))).toEqual([400, nothing]);
  expect(await refused('api/charts', cut(await form({ chart: APP })))).toEqual([400, 'invalid form']);
  expect(await refused('api/prov', { body: 'hello' })).toEqual([400, 'invalid provenance file']);
  expect(await refused('api/prov', { body: provenance('../x', '1.0.0', APP) })).toEqual([400, 'invalid provenance file']);
});

function cut({ body, headers }: { body: Uint8Array; headers: Record<string, string> }) {
  return { body: body.subarray(0, body.length - 30), headers };
}

test('uploads to a remote and a virtual are refused with what takes them', async () => {
  const { url } = await local();
  await addRemote(url, { name: 'r', package_type: 'helm', base_url: 'http://charts.example.com' });
  await addVirtual(url, { name: 'v', package_type: 'helm', members: ['l', 'r'] });
  for (const [place, reason] of [
    ['remote/r', 'repository "r" is remote and takes no changes; publish into a local repository'],
    ['virtual/v', 'repository "v" is virtual and takes no changes; publish into its local members: l'],
  ] as const) {
    for (const [method, path] of [
      ['POST', 'api/charts'],
      ['DELETE', 'api/charts/app/1.0.0'],
    ] as const) {
      const answer = await call(method, `${url}/api/v1/${place}/${path}`, { body: APP });
      expect([answer.status, answer.json]).toEqual([405, { error: reason }]);
    }
  }
});

test('of twenty uploads of one version one is taken', async () => {
  const { at, post } = await local();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post(chart('app', '1.0.0', `description: number ${n}`))));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  expect(await indexOf(at)).toEqual({ app: [['1.0.0', 'app-1.0.0.tgz']] });
});

test('a file that can be read as two charts is the one that it was published as', async () => {
  const { at, post } = await local();
  expect((await post(chart('app-1.0.0', '2.0.0'))).status).toBe(201);
  expect((await call('DELETE', `${at}api/charts/app/1.0.0-2.0.0`)).status).toBe(404);
  for (const path of ['api/charts', 'api/charts?force']) expect((await post(chart('app', '1.0.0-2.0.0'), path)).status).toBe(409);
  expect(await indexOf(at)).toEqual({ 'app-1.0.0': [['2.0.0', 'app-1.0.0-2.0.0.tgz']] });
  expect((await call('DELETE', `${at}api/charts/app-1.0.0/2.0.0`)).status).toBe(200);
});
