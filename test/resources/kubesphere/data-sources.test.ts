import type { ValueRecord } from '../../../src/common/value';
import { codeOf, vocabulary } from '../../../src/resources/kubesphere/vocabulary';
import { joinUserinfo, splitUserinfo } from '../../../src/resources/kubesphere/generations/userinfo';
import { readData } from '../../../src/testing/read-subject';
import { freshPlan } from '../../../src/testing/subject';
import { reader } from '../../support/charts';
import { Stand } from './stand';

describe.each(['3.4', '4.1'] as const)('on KubeSphere %s', (version) => {
  let stand: Stand;
  const isOld = version === '3.4';
  beforeAll(async () => void (stand = await Stand.start({ version })));
  afterAll(() => stand.stop());
  const read = async (type: string, config: ValueRecord): Promise<unknown> =>
    (await readData(await stand.core(), `kubesphere_${type}`, { workspace: 'demo', ...config })).state;

  it.each([
    ['/good', {}, 0],
    ['/html', {}, 115],
    ['/none', {}, 113],
    ['/auth', {}, 109],
    ['/auth', reader, 0],
    ['/good', { type: 'https' }, 110],
    ['/good', { type: 's3' }, 114],
    ['/good', { type: 'http' }, 0],
  ])('a validation of %s with %j has the code %d', async (path, config, code) => {
    const state = await read('app_repository_validation', { url: stand.url(path), ...config });
    expect(state).toMatchObject({ ok: code === 0, code, meaning: code === 0 ? '' : vocabulary[code] });
    expect(JSON.stringify({ ...(state as object), password: null })).not.toContain(reader.password);
  });

  it('a type that the version does not read is told without asking', async () => {
    const url = isOld ? 'oci://registry.example.com/charts' : 's3.pek3a.qingstor.com/charts/';
    const keys = isOld ? {} : { access_key_id: 'AKIA', secret_access_key: 'hidden-secret' };
    expect(await read('app_repository_validation', { url, ...keys })).toMatchObject({ ok: false, code: 111 });
  });

  it('a validation stores nothing, and failures that are not about the repository are errors', async () => {
    expect(await read('app_repositories', {})).toMatchObject({ repositories: [] });
    stand.server.fault({ kind: { status: 500, text: 'out of memory' }, method: 'POST', path: /validate/ });
    const { errors } = await readData(await stand.core(), 'kubesphere_app_repository_validation', { workspace: 'demo', url: stand.url() });
    expect(errors).toEqual([expect.stringMatching(/out of memory/)]);
  });

  it('a workspace and a repository that do not exist are told as such', async () => {
    const core = await stand.core();
    const asked = async (type: string, config: ValueRecord) => readData(core, `kubesphere_${type}`, config);
    const validation = await asked('app_repository_validation', { workspace: 'nosuch', url: stand.url() });
    expect(validation.errors).toEqual([expect.stringMatching(/the workspace "nosuch" does not exist/)]);
    const listed = await asked('app_repositories', { workspace: 'nosuch' });
    expect([listed.errors, listed.warnings]).toEqual([[], [expect.stringMatching(/"workspace": the workspace "nosuch" does not exist/)]]);
    expect((await asked('app_repositories', { workspace: 'other' })).warnings).toEqual([]);
    const apps = await asked('applications', { workspace: 'demo', repository: 'nosuch' });
    expect(apps.errors).toEqual([expect.stringMatching(/the workspace "demo" has no repository "nosuch"/)]);
    const { diagnostics } = await core.import('kubesphere_app_repository', isOld ? 'repo-nosuch' : 'nosuch');
    expect(diagnostics.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/has no repository with the id ".*nosuch"; .* Check the id/),
    ]);
  });

  it('repositories and their applications are told, without secrets', async () => {
    await stand.made({ name: 'stable', url: stand.url('/good2'), wait_for_sync: true });
    await stand.made({ name: 'private', url: stand.url('/auth'), ...reader });
    const listed = await read('app_repositories', { name_pattern: '^priv' });
    expect(listed).toMatchObject({ repositories: [{ name: 'private', username: reader.username, workspace: 'demo' }] });
    expect(JSON.stringify(listed)).not.toContain(reader.password);
    expect(await read('app_repository', { name: 'stable' })).toMatchObject({ name: 'stable', url: stand.url('/good2') });
    const { applications } = (await read('applications', { repository: 'stable' })) as { applications: { name: string }[] };
    expect(applications.map(({ name }) => name)).toEqual(['hello', 'world']);
  });
});

it('a bucket is read by KubeSphere 3 with the keys, also in the form without a scheme', async () => {
  const stand = await Stand.start({ version: '3.4' });
  try {
    const url = `s3://127.0.0.1:${stand.charts.port}/bucket/charts/`;
    const config = { name: 'bucket', url, access_key_id: 'AKIDEXAMPLE', secret_access_key_wo: 'hidden-secret', wait_for_sync: true };
    const made = await stand.made(config);
    expect(made.state).toMatchObject({ url, access_key_id: 'AKIDEXAMPLE', secret_access_key_wo: null, status: 'successful' });
    const asked = stand.charts.log.find(({ path }) => path === '/bucket/charts/index.yaml');
    expect(asked?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
    expect(await freshPlan(await stand.core(), { workspace: 'demo', ...config }, made)).toMatchObject({ action: 'none' });
    const core = await stand.core();
    const bare = {
      name: 'bare',
      workspace: 'demo',
      url: 's3.pek3a.qingstor.com/charts/',
      access_key_id: 'A',
      secret_access_key_wo: 'hidden-secret',
    };
    const plan = await core.plan('kubesphere_app_repository', bare);
    expect([plan.action, plan.diagnostics]).toEqual(['create', []]);
    expect(plan.planned).toMatchObject({ url: bare.url });
  } finally {
    await stand.stop();
  }
});

it.each([
  ['Get "/index.yaml": unsupported protocol scheme ""', 102],
  ['parse "http://[::1": missing \']\' in host', 107],
  ['parse "http://ci:x": invalid port ":x" after host', 107],
  ['Get "s3://s3.eu.example.com/bucket/index.yaml": unsupported protocol scheme "s3"', 111],
  ['Get "http://127.0.0.1:9/x/index.yaml": dial tcp 127.0.0.1:9: connect: connection refused', 109],
  ['Get "http://h.invalid/x/index.yaml": dial tcp: lookup h.invalid on 10.0.0.1:53: no such host', 109],
  ['failed to fetch http://h/auth/index.yaml : 401 Unauthorized', 109],
  ['failed to fetch http://h/none/index.yaml : 404 Not Found', 113],
  ['error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type repo.IndexFile', 115],
  ["error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'", 115],
  ['no API version specified', 115],
  ['EmptyStaticCreds: static credentials are empty', 104],
  ['unexpected end of JSON input', 103],
  ['repo exists', undefined],
  ['out of memory', undefined],
])('the text %j means %s', (text, code) => expect(codeOf(text)).toBe(code));

it.each(['p@ss/w', 'a:b', '50%', 'ü 𐍈', "!'()*~"])('the password %j goes into a URL and comes out of it', (password) => {
  const url = 'https://charts.example.com:8443/a%20b/@c';
  expect(splitUserinfo(joinUserinfo(url, { username: 'ci', password }))).toEqual({ url, username: 'ci', password });
  expect(new URL(joinUserinfo(url, { username: 'ci', password })).host).toBe('charts.example.com:8443');
});

it('what a server has in odd forms is read as it is', () => {
  expect(splitUserinfo('http://ci:p%40ss%zz@h/x')).toEqual({ url: 'http://h/x', username: 'ci', password: 'p%40ss%zz' });
  expect(splitUserinfo('http://ci@h')).toEqual({ url: 'http://h', username: 'ci', password: '' });
  expect(splitUserinfo('no url')).toEqual({ url: 'no url' });
});
