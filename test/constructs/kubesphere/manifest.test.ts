import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { App, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppRepositoryManifest, type AppRepositoryManifestProps, s3Url, secretVariable } from '../../../constructs/kubesphere';

type Props = AppRepositoryManifestProps;
type Json = Record<string, unknown>;

/** The `kubernetes_manifest` that properties synthesize to. */
function synthesized(given: Props | ((stack: TerraformStack) => Props)): Json {
  const stack = new TerraformStack(Testing.app(), 's');
  const made = new AppRepositoryManifest(stack, 'charts', typeof given === 'function' ? given(stack) : given);
  expect(made.manifest.terraformResourceType).toBe('kubernetes_manifest');
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: { kubernetes_manifest: Record<string, Json> } };
  const [manifest, ...others] = Object.values(resource.kubernetes_manifest);
  expect(others).toEqual([]);
  return manifest ?? {};
}

const objectOf = (given: Props): Json => synthesized(given)['manifest'] as Json;

const minimal = { name: 'team-charts', url: 'https://charts.example.com/stable' } as const;

test('on version 4 a Repo for every workspace', () => {
  expect(synthesized({ version: '4', ...minimal, syncPeriod: '1h30m' })).toEqual({
    manifest: {
      apiVersion: 'application.kubesphere.io/v2',
      kind: 'Repo',
      metadata: { name: 'team-charts', labels: { 'kubesphere.io/workspace': 'system-workspace' } },
      spec: { url: 'https://charts.example.com/stable', syncPeriod: 5400 },
    },
    wait: { fields: { 'status.state': '^successful$' } },
    timeouts: { create: '12m', update: '12m' },
    computed_fields: ['metadata.annotations'],
    field_manager: { force_conflicts: true },
  });
});

const versionOf = (text: string): string => `\${max(parseint(substr(sha256("${text}"), 0, 7), 16), 1)}`;

test('on version 3 a HelmRepo, waited for until the status has its version', () => {
  const version = versionOf('https://charts.example.com/stable   ');
  expect(synthesized({ version: '3', ...minimal, workspace: 'demo' })).toEqual({
    manifest: {
      apiVersion: 'application.kubesphere.io/v1alpha1',
      kind: 'HelmRepo',
      metadata: { name: expect.stringMatching(/^repo-[0-9a-f]{12}$/) as unknown, labels: { 'kubesphere.io/workspace': 'demo' } },
      // The controller drops a period of 0.
      spec: { name: 'team-charts', url: 'https://charts.example.com/stable', version },
    },
    wait: { fields: { 'status.state': '^successful$', 'status.version': `^${version}$` } },
    timeouts: { create: '12m', update: '12m' },
    computed_fields: ['metadata.annotations'],
    field_manager: { force_conflicts: true },
  });
});

test('every property reaches its place on version 4', () => {
  const made = synthesized((stack) => ({
    version: '4',
    ...minimal,
    type: 'https',
    displayName: 'Charts of the team',
    workspace: 'demo',
    username: 'ci',
    password: secretVariable(stack, 'password', { ephemeral: false }).stringValue,
    credentialsInState: true,
    caFile: '/etc/charts/ca.pem',
    certFile: '/etc/charts/client.pem',
    keyFile: '/etc/charts/client.key',
    description: 'ours',
    syncPeriod: 3600,
    waitForSync: false,
    labels: { 'example.com/team': 'a' },
    creator: 'admin',
    fieldManager: 'platform',
    forceConflicts: false,
    provider: new KubernetesProvider(stack, 'k', { alias: 'edge' }),
  }));
  expect(made).toEqual({
    provider: 'kubernetes.edge',
    manifest: {
      apiVersion: 'application.kubesphere.io/v2',
      kind: 'Repo',
      metadata: {
        name: 'team-charts',
        labels: { 'kubesphere.io/workspace': 'demo', 'example.com/team': 'a' },
        annotations: { 'kubesphere.io/alias-name': 'Charts of the team', 'kubesphere.io/creator': 'admin' },
      },
      spec: {
        url: 'https://charts.example.com/stable',
        description: 'ours',
        credential: {
          username: 'ci',
          password: '${var.password}',
          caFile: '/etc/charts/ca.pem',
          certFile: '/etc/charts/client.pem',
          keyFile: '/etc/charts/client.key',
          // Else KubeSphere would verify nothing and look at none of the files.
          insecureSkipTLSVerify: false,
        },
        syncPeriod: 3600,
      },
    },
    computed_fields: ['metadata.annotations'],
    field_manager: { name: 'platform', force_conflicts: false },
  });
});

test('an S3 repository of version 3 has its keys, its period for the console, and a version without secrets', () => {
  const url = s3Url({ bucket: 'charts', zone: 'pek3a', prefix: 'stable' });
  const made = synthesized((stack) => ({
    version: '3',
    name: 'Charts of the team',
    url,
    workspace: 'demo',
    accessKeyId: 'AKID',
    secretAccessKey: secretVariable(stack, 'key', { ephemeral: false }).stringValue,
    credentialsInState: true,
    syncPeriod: '3m',
    syncTrigger: 'two',
    objectName: 'repo-team',
    syncTimeout: '90s',
  }));
  expect(made['timeouts']).toEqual({ create: '90s', update: '90s' });
  expect(made['manifest']).toEqual({
    apiVersion: 'application.kubesphere.io/v1alpha1',
    kind: 'HelmRepo',
    metadata: {
      name: 'repo-team',
      labels: { 'kubesphere.io/workspace': 'demo' },
      annotations: { 'app.kubesphere.io/sync-period': '180s' },
    },
    spec: {
      name: 'Charts of the team',
      url: 's3://s3.pek3a.qingstor.com/charts/stable/',
      credential: { accessKeyID: 'AKID', secretAccessKey: '${var.key}' },
      syncPeriod: 180,
      version: versionOf('s3://s3.pek3a.qingstor.com/charts/stable/  AKID two'),
    },
  });
});

test('tokens pass every rule and are written where Terraform resolves them', () => {
  const made = (version: '3' | '4'): Json =>
    synthesized((stack) => {
      const text = (name: string): string => new TerraformVariable(stack, name, { type: 'string' }).stringValue;
      const syncPeriod = new TerraformVariable(stack, 'period', { type: 'number' }).numberValue;
      return { version, name: text('name'), url: text('url'), workspace: text('workspace'), description: text('about'), syncPeriod };
    });
  const spec = { url: '${var.url}', description: '${var.about}', syncPeriod: '${var.period}' };
  const labels = { 'kubesphere.io/workspace': '${var.workspace}' };
  const version = versionOf('${var.url}   ');
  expect(made('4')['manifest']).toMatchObject({ metadata: { name: '${var.name}', labels }, spec });
  expect(made('4')['wait']).toEqual({ fields: { 'status.state': '^successful$' } });
  expect(made('3')['manifest']).toMatchObject({
    metadata: { labels, annotations: { 'app.kubesphere.io/sync-period': '${var.period}s' } },
    spec: { ...spec, syncPeriod: '${(var.period >= 1) ? var.period : null}', name: '${var.name}', version },
  });
});

test('repositories of one stack have objects of their own, and their names can be referred to', () => {
  const stack = new TerraformStack(Testing.app(), 's');
  const made = ['a', 'b'].map((id) => new AppRepositoryManifest(stack, id, { version: '3', ...minimal, workspace: 'demo' }));
  new TerraformOutput(stack, 'name', { value: made[0]?.objectName });
  const json = JSON.parse(Testing.synth(stack)) as {
    resource: { kubernetes_manifest: Record<string, { manifest: { metadata: { name: string } } }> };
    output: { name: { value: string } };
  };
  const names = Object.values(json.resource.kubernetes_manifest).map(({ manifest }) => manifest.metadata.name);
  expect(new Set(names).size).toBe(2);
  expect(json.output.name.value).toMatch(/^\$\{kubernetes_manifest\.a_manifest_\w+\.object\.metadata\.name\}$/);
});

/** The example repositories of the documentation of KubeSphere's form. */
const documented = {
  'the stable one of Google': 'https://kubernetes-charts.storage.googleapis.com/',
  'the incubator of Google': 'https://kubernetes-charts-incubator.storage.googleapis.com/',
  'the mirror at QingStor': 'https://helm-chart-repo.pek3a.qingstor.com/kubernetes-charts/',
} as const;

test.each(Object.entries(documented).flatMap(([title, url]) => (['3', '4'] as const).map((version) => [title, version, url] as const)))(
  '%s is an app repository of version %s',
  (_, version, url) => {
    const { spec } = objectOf({ version, name: 'example', workspace: 'demo', url, type: 'https', syncPeriod: '24h' }) as { spec: Json };
    expect(spec).toMatchObject({ url, syncPeriod: 86_400 });
  },
);

test('the mirror at QingStor is read through S3 on version 3, and version 4 says what to do', () => {
  const url = s3Url({ bucket: 'helm-chart-repo', zone: 'pek3a', prefix: 'kubernetes-charts' });
  expect(url).toBe('s3://s3.pek3a.qingstor.com/helm-chart-repo/kubernetes-charts/');
  const keys = { accessKeyId: 'AKID', secretAccessKey: '${var.key}', credentialsInState: true } as const;
  expect(objectOf({ version: '3', name: 'mirror', workspace: 'demo', url, ...keys })['spec']).toMatchObject({ url });
  // As the form takes it.
  const bare = url.slice('s3://'.length);
  expect(objectOf({ version: '3', name: 'mirror', workspace: 'demo', url: bare, ...keys })['spec']).toMatchObject({ url });
  expect(() => objectOf({ version: '4', name: 'mirror', url, ...keys })).toThrow(
    /\[s\/charts\] url: ".*" is of type s3, which only KubeSphere before 4\.0 can do; this is version 4\. Serve the bucket over https instead/,
  );
});

/**
 * What the definitions of the two kinds declare in `spec`. A field that is not declared makes server-side apply fail, as a required one
 * that is missing and a number that is a text do.
 */
const declared = {
  HelmRepo: {
    required: ['name', 'url'],
    types: { name: 'string', url: 'string', description: 'string', credential: 'object', syncPeriod: 'number', version: 'number' },
    credential: ['accessKeyID', 'secretAccessKey'],
  },
  Repo: {
    required: ['url', 'syncPeriod'],
    types: { url: 'string', description: 'string', credential: 'object', syncPeriod: 'number' },
    credential: [],
  },
} as const;
const everywhere = ['username', 'password', 'caFile', 'certFile', 'keyFile', 'insecureSkipTLSVerify'];

test.each(['3', '4'] as const)('an object of version %s has only what its definition declares', (version) => {
  const tls = { caFile: '/ca', certFile: '/cert', keyFile: '/key', insecureSkipTlsVerify: false };
  const login = { username: 'ci', password: '${var.x}', credentialsInState: true };
  const { kind, spec } = objectOf({ version, ...minimal, workspace: 'demo', description: 'd', ...tls, ...login }) as {
    kind: 'HelmRepo' | 'Repo';
    spec: Record<string, unknown> & { credential: object };
  };
  const { required, types, credential } = declared[kind];
  expect(Object.keys(spec)).toEqual(expect.arrayContaining([...required]));
  // The version is an expression of a number.
  const actual = Object.entries(spec).map(([key, value]) => [key, key === 'version' ? 'number' : typeof value]);
  expect(types).toMatchObject(Object.fromEntries(actual) as object);
  expect([...everywhere, ...credential]).toEqual(expect.arrayContaining(Object.keys(spec.credential)));
});

const given = (props: object): object => ({ version: '4', ...minimal, syncPeriod: '1h', ...props });
const s3 = { version: '3', url: 's3://s3.pek3a.qingstor.com/charts/', workspace: 'demo' };
const wrong: readonly (readonly [string, object, string])[] = [
  ['no URL', { version: '4', name: 'a' }, 'the property "url" is required'],
  ['a misspelt property', given({ workSpace: 'demo' }), 'there is no property "workSpace"; did you mean "workspace"?'],
  ['an unknown version', given({ version: '5' }), 'version is "5"; allowed are "3" and "4"'],
  ['a name that is a number', given({ name: 7 }), 'name: it is a number; it must be a string'],
  ['capitals in a name on version 4', given({ name: 'Team' }), 'name: "Team" cannot be the name of a repository on KubeSphere 4'],
  ['a reserved name on version 4', given({ name: 'upload' }), 'name: "upload" is reserved for uploaded packages'],
  ['an empty name on version 3', given({ version: '3', name: ' ' }), 'name: " " is empty'],
  [
    'a URL with a login',
    given({ url: 'https://ci:hunter2@a.example.com' }),
    'url: the URL of "a.example.com" carries a user name or password',
  ],
  ['a URL without a scheme', given({ url: 'charts.example.com' }), 'url: "charts.example.com" is not a URL'],
  ['a URL of ftp', given({ url: 'ftp://a.example.com' }), 'url: "ftp://a.example.com" has the scheme "ftp"'],
  [
    'oci on version 3',
    { ...s3, name: 'a', url: 'oci://a.example.com/charts' },
    'url: "oci://a.example.com/charts" is of type oci, which requires',
  ],
  ['a type that is not the one of the URL', given({ type: 'http' }), 'type: "http" is not the type of'],
  ['a type that does not exist', given({ type: 'git' }), 'type: "git" is not a type; allowed are http, https, s3, oci'],
  ['a display name on version 3', given({ version: '3', displayName: 'A' }), 'displayName: "A" needs KubeSphere 4'],
  ['a workspace that cannot be', given({ workspace: 'Demo_1' }), 'workspace: "Demo_1" cannot be the name of a workspace'],
  ['a user without a password', given({ username: 'ci' }), 'username: it is set without a password'],
  ['S3 without keys', { ...s3, name: 'a' }, 'accessKeyId: it is missing; a repository of type s3 requires'],
  [
    'keys for https',
    given({ accessKeyId: 'a', secretAccessKey: '${var.x}', credentialsInState: true }),
    'accessKeyId: it is only for URLs of type s3',
  ],
  [
    'a password that would be in the state',
    given({ username: 'ci', password: '${var.x}' }),
    'password: kubernetes_manifest has no write-only attribute, so it would be readable in the state and in plans; use AppRepository with passwordWo, or accept that with credentialsInState: true',
  ],
  [
    'a key that would be in the state',
    { ...s3, name: 'a', accessKeyId: 'a', secretAccessKey: '${var.x}' },
    'secretAccessKey: kubernetes_manifest has no write-only attribute',
  ],
  ['PEM for a file', given({ caFile: '-----BEGIN CERTIFICATE-----' }), 'caFile: it is PEM text; give the path of a file'],
  ['a relative path', given({ caFile: 'ca.pem' }), 'caFile: "ca.pem" is not an absolute path'],
  [
    'TLS files for http',
    given({ url: 'http://a.example.com', caFile: '/ca' }),
    'caFile: it is only for URLs of type https, and this one is of type http',
  ],
  [
    'a TLS setting for S3',
    { ...s3, name: 'a', insecureSkipTlsVerify: true },
    'insecureSkipTlsVerify: it is only for URLs of type https or oci',
  ],
  [
    'a CA that nothing looks at',
    given({ caFile: '/ca', insecureSkipTlsVerify: true }),
    'caFile: KubeSphere looks at it only if it verifies',
  ],
  ['a certificate without a key', given({ certFile: '/cert' }), 'certFile: it is set without a keyFile'],
  ['a description that is too long', given({ description: '长'.repeat(171) }), 'description: it has 513 bytes'],
  [
    'a period that is too short',
    given({ syncPeriod: '2m' }),
    'syncPeriod: "2m" is too short; allowed are 0 (no periodic sync) and at least 180 s (3m)',
  ],
  ['a period that is none', given({ syncPeriod: 'daily' }), 'syncPeriod: "daily" is not a sync period'],
  ['a wait for what never happens', given({ syncPeriod: 0, waitForSync: true }), 'waitForSync: KubeSphere 4 never reads the index'],
  ['a trigger on version 4', given({ syncTrigger: 'x' }), 'syncTrigger: it needs KubeSphere 3'],
  ['the name of an object on version 4', given({ objectName: 'repo-a' }), 'objectName: "repo-a" is for KubeSphere 3'],
  [
    'the name of a built-in object',
    given({ version: '3', objectName: 'builtin-a' }),
    'objectName: "builtin-a" cannot be the name of the object',
  ],
  ['the id of the App Store', given({ version: '3', objectName: 'repo-helm' }), 'objectName: "repo-helm" is the id of the App Store'],
  ['a timeout that is no duration', given({ syncTimeout: 'long' }), 'syncTimeout: "long" is not a duration'],
];

test.each(wrong)('%s is refused', (_, props, message) => {
  expect(() => synthesized(props as Props)).toThrow(`[s/charts] ${message}`);
});

test('an ephemeral variable is refused at synthesis: Terraform stores what it is for', () => {
  const props = (password: string): Props => ({
    version: '4',
    ...minimal,
    username: 'ci',
    password,
    credentialsInState: true,
    syncPeriod: '1h',
  });
  expect(() => synthesized((stack) => props(secretVariable(stack, 'pw').stringValue))).toThrow(
    '[s/charts] password: the variable "pw" is ephemeral, and kubernetes_manifest stores what it is given; make it with secretVariable(scope, id, { ephemeral: false })',
  );
  const within = (stack: TerraformStack): Props => ({ ...props('x'), password: `a-${secretVariable(stack, 'pw').stringValue}` });
  expect(() => synthesized(within)).toThrow('password: the variable "pw" is ephemeral');
  expect(() => synthesized((stack) => props((secretVariable(stack, 'pw'), '${var.pw}')))).toThrow(
    'password: the variable "pw" is ephemeral',
  );
  expect(() => synthesized((stack) => props((secretVariable(stack, 'pw'), '${var.pw2}')))).not.toThrow();
});

test('all problems are one list, without a secret', () => {
  const text = (): string => {
    try {
      return JSON.stringify(
        synthesized(given({ name: 'A', url: 'ftp://u:hunter2@h', username: 'ci', password: 'hunter2', syncPeriod: 1 }) as Props),
      );
    } catch (thrown) {
      return (thrown as Error).message;
    }
  };
  expect(text().match(/\[s\/charts\] \w+:/g)).toEqual(['name', 'url', 'syncPeriod', 'password'].map((key) => `[s/charts] ${key}:`));
  expect(text()).not.toContain('hunter2');
});

/** The warnings of an app. */
function warningsOf(props: Props): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'repoform-kubesphere-'));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 's');
    new KubernetesProvider(stack, 'k', {});
    new AppRepositoryManifest(stack, 'charts', props);
    app.synth();
    const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
      stacks: { s: { annotations: { level: string; message: string }[] } };
    };
    const { annotations } = manifest.stacks.s;
    expect(annotations.filter(({ level }) => level !== '@cdktf/warn')).toEqual([]);
    return annotations.map(({ message }) => message);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const doubtful: readonly (readonly [string, object, readonly string[]])[] = [
  ['nothing of a plain one', {}, []],
  ['no period on version 4', { syncPeriod: 0 }, ['syncPeriod: it is 0, so KubeSphere 4 reads the index only when']],
  ['a long name', { name: 'a'.repeat(31) }, ['name: "aaa']],
  ['a long period', { syncPeriod: '48h' }, ['syncPeriod: "48h" is longer than a day']],
  ['a literal password', { username: 'ci', password: 'hunter2', credentialsInState: true }, ['the secret "password" is a literal']],
];

test.each(doubtful)('a warning of %s', (_, props, starts) => {
  const warnings = warningsOf(given(props) as Props);
  expect(warnings).toEqual(starts.map((start) => expect.stringContaining(start) as unknown));
  expect(warnings.join()).not.toContain('hunter2');
});
