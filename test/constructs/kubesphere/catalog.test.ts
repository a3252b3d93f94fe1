import { TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { ArtifactapiProvider } from '../../../constructs/artifactapi';
import { HelmCatalog, type HelmCatalogProps, KubesphereProvider } from '../../../constructs/kubesphere';

type Resources = Record<string, Record<string, Record<string, unknown>>>;

/** The objects of a catalogue, with the hashes in names left out. */
function synthesized(given: HelmCatalogProps | ((stack: TerraformStack) => HelmCatalogProps)): Resources {
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'a', { installLocally: false, endpoint: 'https://artifacts.example.com' });
  new KubesphereProvider(stack, 'k', { installLocally: false, endpoint: 'https://ks.example.com' });
  new HelmCatalog(stack, 'catalog', typeof given === 'function' ? given(stack) : given);
  const text = Testing.synth(stack).replace(/(\w)_[0-9A-F]{8}\b/g, '$1');
  return (JSON.parse(text) as { resource?: Resources }).resource ?? {};
}

const stable = { name: 'stable', url: 'https://charts.example.com/stable' };
const notebooks = { name: 'notebooks', url: 'https://charts.example.com/notebooks' };
const revision = '${coalesce(artifactapi_remote_helm.catalog_remote-stable.password_wo_revision, 0)}';
const remote = (id: string): string => `\${artifactapi_remote_helm.catalog_${id}.name}`;

test('a list becomes remotes, a virtual, and an app repository of the platform', () => {
  expect(synthesized({ name: 'charts', repositories: [stable, notebooks] })).toEqual({
    artifactapi_remote_helm: {
      'catalog_remote-stable': { name: 'charts-stable', base_url: stable.url },
      'catalog_remote-notebooks': { name: 'charts-notebooks', base_url: notebooks.url },
    },
    artifactapi_virtual: {
      catalog_virtual: { name: 'charts', package_type: 'helm', members: [remote('remote-stable'), remote('remote-notebooks')] },
    },
    kubesphere_app_repository: {
      catalog_app: {
        name: 'charts',
        url: '${artifactapi_virtual.catalog_virtual.url}',
        sync_period: '1h',
        sync_trigger: `stable ${stable.url}, notebooks ${notebooks.url}`,
      },
    },
  });
});

test('a workspace with a part of the list reads a virtual of its own', () => {
  const made = synthesized({
    name: 'charts',
    workspaces: ['payments', 'research'],
    repositories: [stable, { ...notebooks, workspaces: ['research'] }],
  });
  expect(made['artifactapi_virtual']).toEqual({
    catalog_virtual: { name: 'charts', package_type: 'helm', members: [remote('remote-stable'), remote('remote-notebooks')] },
    'catalog_virtual-payments': { name: 'charts-payments', package_type: 'helm', members: [remote('remote-stable')] },
  });
  expect(made['kubesphere_app_repository']).toMatchObject({
    'catalog_app-payments': {
      name: 'charts-payments',
      workspace: 'payments',
      url: '${artifactapi_virtual.catalog_virtual-payments.url}',
      sync_trigger: `stable ${stable.url}`,
    },
    'catalog_app-research': { name: 'charts-research', workspace: 'research', url: '${artifactapi_virtual.catalog_virtual.url}' },
  });
});

test('settings reach what they are for, those of a repository before those of all, and each server its provider', () => {
  const made = synthesized((stack) => ({
    name: 'charts',
    repositories: [{ ...stable, remote: { mutableTtl: 60, username: 'ci', passwordWo: '${var.x}' } }, notebooks],
    endpoint: 'http://cache.internal:8000/',
    remote: { mutableTtl: 300, description: 'charts' },
    appRepository: { syncPeriod: '24h', syncTrigger: 'two', displayName: 'Charts', waitForSync: true },
    artifactapi: new ArtifactapiProvider(stack, 'a2', { alias: 'edge', installLocally: false }),
    kubesphere: new KubesphereProvider(stack, 'k2', { alias: 'edge', installLocally: false }),
  }));
  expect(made['artifactapi_remote_helm']).toMatchObject({
    'catalog_remote-stable': { mutable_ttl: 60, description: 'charts', username: 'ci', password_wo: '${var.x}' },
    'catalog_remote-notebooks': { mutable_ttl: 300 },
  });
  expect(made['kubesphere_app_repository']?.['catalog_app']).toEqual({
    provider: 'kubesphere.edge',
    name: 'charts',
    // The name is a reference, so that the virtual is there first.
    url: 'http://cache.internal:8000/api/v1/virtual/${artifactapi_virtual.catalog_virtual.name}',
    display_name: 'Charts',
    sync_period: '24h',
    sync_trigger: `two, stable ${stable.url} ci ${revision}, notebooks ${notebooks.url}`,
    wait_for_sync: true,
  });
  const others = ['artifactapi_remote_helm', 'artifactapi_virtual'].flatMap((type) => Object.values(made[type] ?? {}));
  expect(others.map(({ provider }) => provider)).toEqual(Array(3).fill('artifactapi.edge'));
});

const repositories = [stable];
const wrong: readonly (readonly [string, object, string])[] = [
  ['a missing list', { name: 'a' }, 'the property "repositories" is required'],
  ['an empty list', { name: 'a', repositories: [] }, 'repositories: it is empty; a catalogue needs at least one'],
  ['a name that occurs twice', { name: 'a', repositories: [stable, stable] }, 'repositories: the name "stable" occurs twice'],
  ['a name that is an expression', { name: 'a', repositories: [{ ...stable, name: '${var.x}' }] }, 'repositories: a name is an expression'],
  ['no workspace', { name: 'a', repositories, workspaces: [] }, 'workspaces: it is empty; leave it out'],
  ['a workspace that occurs twice', { name: 'a', repositories, workspaces: ['b', 'b'] }, 'workspaces: "b" occurs twice'],
  ['a workspace that is an expression', { name: 'a', repositories, workspaces: ['${var.x}'] }, 'workspaces: a name is an expression'],
  [
    'a workspace that the catalogue does not have',
    { name: 'a', repositories: [stable, { ...notebooks, workspaces: ['reserch'] }], workspaces: ['research'] },
    'repositories "notebooks": the workspace "reserch" is not one of the catalogue; did you mean "research"?',
  ],
  [
    'a workspace without charts',
    { name: 'a', repositories: [{ ...stable, workspaces: ['b'] }], workspaces: ['b', 'c'] },
    'workspaces: no repository is for "c"',
  ],
  ['an endpoint without scheme', { name: 'a', repositories, endpoint: 'cache' }, 'endpoint: "cache" is not a URL'],
];

test.each(wrong)('%s is refused', (_, props, message) => {
  expect(() => synthesized(props as HelmCatalogProps)).toThrow(`[s/catalog] ${message}`);
});

test('what is wrong with a single object is said of that', () => {
  const props = { name: 'charts', repositories: [{ ...stable, url: 'ftp://charts.example.com' }] };
  expect(() => synthesized(props)).toThrow(
    '[s/catalog/remote-stable] artifactapi_remote_helm: baseUrl: "ftp://charts.example.com" has the scheme "ftp"',
  );
});

test('URLs and the name may be expressions', () => {
  const made = synthesized((stack) => {
    const text = (name: string): string => new TerraformVariable(stack, name, { type: 'string' }).stringValue;
    return { name: text('name'), repositories: [{ name: 'a', url: text('url') }] };
  });
  expect(made['artifactapi_remote_helm']).toEqual({ 'catalog_remote-a': { name: '${var.name}-a', base_url: '${var.url}' } });
  expect(made['kubesphere_app_repository']?.['catalog_app']).toMatchObject({ name: '${var.name}', sync_trigger: 'a ${var.url}' });
});

test('changed credentials of an upstream change the sync trigger, which has none of the secrets', () => {
  const made = synthesized((stack) => ({
    name: 'charts',
    repositories: [
      { ...stable, remote: { username: 'ci', passwordWo: new TerraformVariable(stack, 'pw', { type: 'string' }).stringValue } },
      { ...notebooks, remote: { username: 'reader', password: 'hunter2' } },
    ],
  }));
  expect(made['kubesphere_app_repository']?.['catalog_app']?.['sync_trigger']).toBe(
    `stable ${stable.url} ci ${revision}, notebooks ${notebooks.url} reader`,
  );
});

test('an empty trigger of its own leaves no comma', () => {
  const made = synthesized({ name: 'charts', repositories, appRepository: { syncTrigger: '' } });
  expect(made['kubesphere_app_repository']?.['catalog_app']).toMatchObject({ sync_trigger: `stable ${stable.url}` });
});

test('names that KubeSphere 4 would refuse, and only they, are warned of at synthesis', () => {
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'a', { installLocally: false });
  new KubesphereProvider(stack, 'k', { installLocally: false });
  const workspaces = ['a', 'b'.repeat(43)];
  const { node } = new HelmCatalog(stack, 'catalog', { name: 'charts', repositories, workspaces });
  Testing.fullSynth(stack);
  const warnings = node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => String(data));
  expect(warnings).toEqual([
    expect.stringMatching(/^name: "charts-b+" has 50 characters; KubeSphere 4 .* at most 48 .*; only KubeSphere 3/),
  ]);
});
