import { UNKNOWN, type ValueRecord } from '../../../src/common/value';
import { type KubeSphereVersion } from '../../../src/registry/kubesphere';
import { reader } from '../../support/charts';
import { kubesphere } from '../../../src/resources/kubesphere';
import { providerCore } from '../../../src/testing/target';
import { done } from '../../../src/testing/subject';
import { ADMIN, Stand, TYPE } from './stand';

interface Wrong {
  /** @default '4.1' */
  readonly on?: KubeSphereVersion;
  readonly config: ValueRecord;
  /** The attribute that the error is about; nothing if it is about the whole block. */
  readonly path?: string;
  readonly text: RegExp;
}

const s3 = 's3.pek3a.qingstor.com/charts/';
const keys = { access_key_id: 'AKIA', secret_access_key_wo: 'hidden-secret' };
const user = { username: 'ci', password_wo: 'hidden-secret' };
const https = 'https://charts.example.com/stable';

/** What `terraform validate` refuses, without a server. */
const invalid: readonly (readonly [string, Wrong])[] = [
  ['no scheme', { config: { url: 'charts.example.com/stable' }, path: 'url', text: /"charts.example.com\/stable" is not a URL/ }],
  [
    'a strange scheme',
    { config: { url: 'ftp://charts.example.com' }, path: 'url', text: /scheme "ftp"; allowed are http, https, s3 and oci/ },
  ],
  ['no host', { config: { url: 'https:///stable' }, path: 'url', text: /names no host/ }],
  [
    'a password in the URL',
    {
      config: { url: 'https://ci:hidden-secret@charts.example.com' },
      path: 'url',
      text: /carries a user name or password; set username and password/,
    },
  ],
  ['a query', { config: { url: `${https}?token=x` }, path: 'url', text: /has a query or fragment/ }],
  ['a fragment', { config: { url: `${https}#x` }, path: 'url', text: /has a query or fragment/ }],
  ['the index itself', { config: { url: `${https}/index.yaml` }, path: 'url', text: /leave out "index.yaml"/ }],
  ['white space', { config: { url: ` ${https}` }, path: 'url', text: /white space/ }],
  ['a bucket without a name', { config: { url: 's3://s3.pek3a.qingstor.com/', ...keys }, path: 'url', text: /names no bucket/ }],
  ['an empty name', { config: { name: ' ' }, path: 'name', text: /is empty; give the repository a name/ }],
  ['a name of two lines', { config: { name: 'a\nb' }, path: 'name', text: /control character/ }],
  ['a workspace that cannot be', { config: { workspace: 'De_mo' }, path: 'workspace', text: /"De_mo" cannot be the name of a workspace/ }],
  [
    'another type than the URL has',
    { config: { type: 'http', url: https }, path: 'type', text: /"http" is not the type of .*, which is https/ },
  ],
  [
    'a type that does not exist',
    { config: { type: 'git' }, path: 'type', text: /"git" is not allowed; allowed are "http", "https", "s3", "oci"/ },
  ],
  ['a password without a user', { config: { password_wo: 'hidden-secret' }, path: 'password_wo', text: /"username" must be set too/ }],
  ['an empty password', { config: { username: 'ci', password: '' }, path: 'password', text: /it is empty/ }],
  [
    'a colon in the user name',
    {
      config: { ...user, username: 'a:b' },
      path: 'username',
      text: /it contains ":", which would end the user name in basic authentication/,
    },
  ],
  ['both forms of a password', { config: { ...user, password: 'hidden-secret' }, path: 'password', text: /"password".*"password_wo"/ }],
  ['two credentials at once', { config: { url: s3, ...keys, ...user }, path: 'access_key_id', text: /one kind of credentials/ }],
  [
    'keys for https',
    { config: { url: https, ...keys }, path: 'access_key_id', text: /only for URLs of type s3, and this one is of type https/ },
  ],
  [
    'a secret without its key',
    { config: { url: s3, secret_access_key_wo: 'hidden-secret' }, path: 'secret_access_key_wo', text: /"access_key_id" must be set too/ },
  ],
  [
    'a sync period below the minimum',
    { config: { sync_period: '179s' }, path: 'sync_period', text: /"179s" is too short; allowed are 0 .* at least 180 s/ },
  ],
  ['a negative sync period', { config: { sync_period: '-5' }, path: 'sync_period', text: /negative/ }],
  [
    'a sync period in words',
    { config: { sync_period: 'hourly' }, path: 'sync_period', text: /"hourly" is not a sync period; write seconds/ },
  ],
  ['parts of a second', { config: { sync_period: '180500ms' }, path: 'sync_period', text: /not a whole number of seconds/ }],
  [
    'a description that would be cut',
    { config: { description: 'ü'.repeat(257) }, path: 'description', text: /514 bytes in UTF-8; the server would cut it at 512/ },
  ],
  ['a timeout that is none', { config: { sync_timeout: 'soon' }, path: 'sync_timeout', text: /"soon" is not a duration/ }],
];

/** What a plan refuses, once the version of the server is known. */
const unfit: readonly (readonly [string, Wrong])[] = [
  [
    'a bucket on version 4',
    {
      config: { url: s3, ...keys },
      path: 'url',
      text: /type s3, which only KubeSphere before 4.0 can do; this is version 4.1.3. Serve the bucket over https/,
    },
  ],
  [
    'oci on version 3',
    {
      on: '3.4',
      config: { url: 'oci://registry.example.com/charts' },
      path: 'url',
      text: /type oci, which requires KubeSphere 4.1.2 or later; this is version 3.4.1/,
    },
  ],
  [
    'a free text as name on version 4',
    { config: { name: 'Team charts' }, path: 'name', text: /"Team charts" cannot be the name .* on KubeSphere 4/ },
  ],
  ['a reserved name on version 4', { config: { name: 'upload' }, path: 'name', text: /"upload" is reserved/ }],
  ['a name too long for labels on version 4', { config: { name: 'a'.repeat(49) }, path: 'name', text: /49 characters; .* at most 48/ }],
  [
    'a name of the installer on version 3',
    { on: '3.4', config: { name: 'builtin-stable', workspace: 'system-workspace' }, path: 'name', text: /name of the installer/ },
  ],
  ['no workspace on version 4', { config: { workspace: '' }, path: 'workspace', text: /empty, which only KubeSphere 3 can do/ }],
  [
    'a display name on version 3',
    {
      on: '3.4',
      config: { display_name: 'Charts' },
      path: 'display_name',
      text: /requires version 4.0 of the server or later, but the server has version 3.4.1/,
    },
  ],
  [
    'keys of a bucket that is not known yet on version 4',
    { config: { url: UNKNOWN, ...keys }, path: 'access_key_id', text: /for buckets, which only KubeSphere 3 reads; this is version 4.1.3/ },
  ],
  ['a bucket without keys', { on: '3.4', config: { url: s3 }, path: 'access_key_id', text: /type s3 requires an access key id/ }],
  ['a user without a password', { config: { username: 'ci' }, path: 'username', text: /set without a password/ }],
  [
    'a key without its secret',
    { on: '3.4', config: { url: s3, access_key_id: 'AKIA' }, path: 'access_key_id', text: /without a secret access key/ },
  ],
  [
    'waiting for what 4.1.2 never syncs',
    {
      on: '4.1.2',
      config: { sync_trigger: 'now', wait_for_sync: true },
      path: 'wait_for_sync',
      text: /requires KubeSphere 4.1.3 or later/,
    },
  ],
];

/** What only the server knows: it is refused at apply, and nothing is left behind. */
const refused: readonly (readonly [string, Omit<Wrong, 'config'> & { readonly at: string; readonly config?: ValueRecord }])[] = [
  ['a repository that is not there', { at: '/none', text: /404 Not Found.*there is no Helm repository at the URL: it has no index\.yaml/ }],
  ['an HTML page', { at: '/html', text: /index\.yaml is not the index of a Helm repository/ }],
  ['an index that is no YAML', { at: '/bad', text: /index\.yaml is not the index of a Helm repository/ }],
  ['an index without a version on version 3', { on: '3.4', at: '/noapi', text: /no API version specified/ }],
  ['no credentials where some are needed', { at: '/auth', text: /401 Unauthorized.*user name or password is wrong/ }],
  ['wrong credentials', { at: '/auth', config: { ...user, username: reader.username }, text: /user name or password is wrong/ }],
  [
    'a workspace that does not exist',
    { at: '/good', config: { workspace: 'no-such' }, path: 'workspace', text: /the workspace "no-such" does not exist/ },
  ],
];

const stands = new Map<KubeSphereVersion, Stand>();
beforeAll(async () => {
  for (const version of ['3.4', '4.1.2', '4.1'] as const) stands.set(version, await Stand.start({ version }));
});
afterAll(async () => void (await Promise.all([...stands.values()].map((stand) => stand.stop()))));
const standOf = (on: KubeSphereVersion = '4.1'): Stand => stands.get(on) as Stand;

const base = { name: 'charts', workspace: 'demo', url: https };

it.each(invalid)('%s is refused at validation', async (_, { config, path, text }) => {
  const told = await (await standOf().core()).validate(TYPE, { ...base, ...config });
  const errors = told.filter(({ severity }) => severity === 'error');
  expect(errors).toContainEqual(expect.objectContaining({ path, detail: expect.stringMatching(text) as unknown }));
  expect(JSON.stringify(told)).not.toContain('hidden-secret');
});

it.each(unfit)('%s is refused at plan', async (_, { on, config, path, text }) => {
  const { diagnostics } = await (await standOf(on).core()).plan(TYPE, { ...base, ...config });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors).toEqual([expect.objectContaining({ path, detail: expect.stringMatching(text) as unknown })]);
});

it.each([{}, keys])('a bucket on version 4 is refused for one reason, with keys %j', async (given) => {
  const core = await standOf().core();
  expect(await core.validate(TYPE, { ...base, url: s3, ...given })).toEqual([]);
  const { diagnostics } = await core.plan(TYPE, { ...base, url: s3, ...given });
  expect(diagnostics.map(({ path }) => path)).toEqual(['url']);
});

describe.each([true, false])('with validate = %s', (validate) => {
  it.each(refused)('%s is refused at apply, and leaves nothing', async (_, { on, at, config, path, text }) => {
    const stand = standOf(on);
    const { instance, diagnostics } = await stand.ensure({ name: 'refused', validate, url: stand.url(at), ...config });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect([instance, errors]).toEqual([undefined, [expect.objectContaining({ detail: expect.stringMatching(text) as unknown })]]);
    expect(errors[0]?.path).toBe(path);
    expect(JSON.stringify(diagnostics)).not.toContain('hidden-secret');
    const workspace = String(config?.['workspace'] ?? 'demo');
    const group = on === '3.4' ? 'openpitrix.io/v1' : 'application.kubesphere.io/v2';
    const { items } = (await stand.ks.done('GET', `/kapis/${group}/workspaces/${workspace}/repos`)) as { items: unknown };
    expect(items ?? []).toEqual([]);
  });
});

it('what only the plan could tell is refused at apply where the server was not known at plan', async () => {
  const { core: unconfigured } = providerCore(kubesphere);
  await unconfigured.configure({ endpoint: UNKNOWN, ...ADMIN });
  const plan = await unconfigured.plan(TYPE, { ...base, url: s3, ...keys });
  expect([plan.action, plan.diagnostics]).toEqual(['create', []]);
  const { instance, diagnostics } = await (await standOf().core()).apply(plan);
  expect(instance).toBeUndefined();
  expect(diagnostics.map(({ path }) => path)).toContain('url');
});

it.each<readonly [string, Wrong]>([
  ['a description that the form would not take', { config: { description: 'd'.repeat(300) }, path: 'description', text: /300 characters/ }],
  ['a period of more than a day', { config: { sync_period: '48h' }, path: 'sync_period', text: /longer than a day/ }],
  ['a name that makes labels long', { config: { name: 'a'.repeat(31) }, path: 'name', text: /at most 30 are safer/ }],
  ['a workspace that does not exist yet', { config: { workspace: 'soon' }, path: 'workspace', text: /"soon" does not exist/ }],
  ['a wait for nothing', { config: { wait_for_sync: true, sync_on_change: false }, path: 'wait_for_sync', text: /nothing to wait for/ }],
])('%s is only a warning at plan', async (_, { config, path, text }) => {
  const core = await standOf().core();
  const { diagnostics: planned, action } = await core.plan(TYPE, { ...base, ...config });
  const diagnostics = [...(await core.validate(TYPE, { ...base, ...config })), ...planned];
  expect([action, diagnostics]).toEqual([
    'create',
    [expect.objectContaining({ severity: 'warning', path, detail: expect.stringMatching(text) as unknown })],
  ]);
});

it('secrets may be left out where the server has them, and only there', async () => {
  for (const on of ['3.4', '4.1'] as const) {
    const stand = standOf(on);
    const config = { ...base, name: 'imported', url: stand.url('/auth'), username: reader.username };
    await stand.made({ ...config, password_wo: reader.password });
    const core = await stand.core();
    const { instance } = await core.import(TYPE, 'demo/imported');
    expect(await core.validate(TYPE, config)).toEqual([]);
    const changed = done(await core.ensure(TYPE, { ...config, description: 'taken over' }, instance));
    expect(changed.state).toMatchObject({ username: reader.username, description: 'taken over' });
    expect((await core.apply(await core.plan(TYPE, null, changed))).diagnostics).toEqual([]);
    const unplanned = providerCore(kubesphere).core;
    await unplanned.configure({ endpoint: UNKNOWN, ...ADMIN });
    const { instance: made, diagnostics } = await core.apply(await unplanned.plan(TYPE, config));
    expect([made, diagnostics.map(({ path, detail }) => `${path}: ${detail}`)]).toEqual([
      undefined,
      ['username: "username": it is set without a password; set both or neither.'],
    ]);
    const bare = done(await core.ensure(TYPE, { ...config, url: stand.url(), username: null }));
    expect((await core.plan(TYPE, config, bare)).diagnostics.map(({ path }) => path)).toEqual(['username']);
  }
});

it('doubts about several attributes have titles of their own, because Terraform shows one of each title', async () => {
  const told = await (await standOf().core()).validate(TYPE, { ...base, description: 'd'.repeat(300), sync_period: '48h' });
  expect(told.map(({ summary }) => summary)).toEqual(['Possible Problem with "description"', 'Possible Problem with "sync_period"']);
});
