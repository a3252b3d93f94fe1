import { TerraformStack, TerraformVariable, Testing, Token } from 'cdktf';
import { AppRepository, type AppRepositoryConfig, KubesphereProvider, s3Url, secretVariable } from '../../../constructs/kubesphere';

/** The resource that a configuration synthesizes to. */
function synthesized(given: (stack: TerraformStack) => AppRepositoryConfig): unknown {
  const stack = new TerraformStack(Testing.app(), 's');
  new KubesphereProvider(stack, 'p', { installLocally: false });
  new AppRepository(stack, 'example', given(stack));
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, unknown>> };
  return resource['kubesphere_app_repository']?.['example'];
}

/** The example repositories of the documentation of KubeSphere's form. */
const documented = [
  'https://kubernetes-charts.storage.googleapis.com/',
  'https://kubernetes-charts-incubator.storage.googleapis.com/',
  'https://helm-chart-repo.pek3a.qingstor.com/kubernetes-charts/',
] as const;

test.each(documented)('%s becomes an app repository', (url) => {
  const made = synthesized(() => ({ name: 'example', workspace: 'demo', url, type: 'https', description: 'An example' }));
  expect(made).toEqual({ name: 'example', workspace: 'demo', url, type: 'https', description: 'An example' });
});

test('the one at QingStor does so through S3, its secret key kept out of the state', () => {
  const made = synthesized((stack) => ({
    name: 'example',
    url: s3Url({ bucket: 'helm-chart-repo', zone: 'pek3a', prefix: 'kubernetes-charts' }),
    type: 's3',
    accessKeyId: 'AKID',
    secretAccessKeyWo: secretVariable(stack, 'secret_access_key').stringValue,
  }));
  expect(made).toEqual({
    name: 'example',
    url: 's3://s3.pek3a.qingstor.com/helm-chart-repo/kubernetes-charts/',
    type: 's3',
    access_key_id: 'AKID',
    secret_access_key_wo: '${var.secret_access_key}',
  });
});

const url = 'https://charts.example.com/stable';

const wrong: readonly (readonly [string, Partial<Record<keyof AppRepositoryConfig, unknown>>, string])[] = [
  [
    'another scheme',
    { url: 'ftp://a.example.com' },
    'url: "ftp://a.example.com" has the scheme "ftp"; allowed are http, https, s3 and oci',
  ],
  ['no scheme', { url: 'a.example.com/x' }, 'url: "a.example.com/x" is not a URL'],
  ['a password in the URL', { url: 'https://ci:hunter2@a.example.com' }, 'url: the URL of "a.example.com" carries a user name or password'],
  ['a line end in the name', { name: 'a\nb' }, 'name: "a\\nb" contains a line break'],
  ['a workspace that cannot be', { workspace: 'De_mo' }, 'workspace: "De_mo" cannot be the name of a workspace'],
  ['a long description', { description: 'é'.repeat(257) }, 'description: it has 514 bytes'],
  ['a short period', { syncPeriod: '5s' }, 'syncPeriod: "5s" is too short; allowed are 0 (no periodic sync) and at least 180 s (3m)'],
  ['a short period as a number', { syncPeriod: 5 }, 'syncPeriod: "5" is too short'],
  [
    'a period in days',
    { syncPeriod: '1d' },
    'syncPeriod: "1d" is not a sync period; write seconds ("3600"), or a duration with the units h, m and s',
  ],
  [
    'a timeout in days',
    { syncTimeout: '1d' },
    'syncTimeout: "1d" is not a duration; write one like "30s", "5m" or "1h30m", with the units h,',
  ],
  ['a password without a user', { passwordWo: 'hunter2' }, 'password: it is set without a user name; set both or neither'],
  ['a user with a colon', { username: 'a:b', passwordWo: 'hunter2' }, 'username: it contains ":", which would end the user name'],
  [
    'both forms',
    { username: 'ci', password: 'hunter2', passwordWo: 'hunter2' },
    'password: it is set together with passwordWo; set one of',
  ],
  ['another type', { type: 'http' }, 'type: "http" is not the type of "https://charts.example.com/stable", which is https'],
  ['keys for https', { accessKeyId: 'AK', secretAccessKeyWo: 'hunter2' }, 'accessKeyId: it is only for URLs of type s3'],
  ['a bucket without keys', { url: 's3.z.example.com/b/' }, 'accessKeyId: it is missing; a repository of type s3 requires'],
];

test.each(wrong)('%s is an error at synthesis, without secrets', (_, given, message) => {
  const problems = problemsWith({ name: 'a', url, ...given } as AppRepositoryConfig);
  expect(problems).toContain(`[s/example] kubesphere_app_repository: ${message}`);
  expect(problems).not.toContain('hunter2');
});

const problemsWith = (config: AppRepositoryConfig): string => {
  try {
    synthesized(() => config);
    return '';
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

test('what only the server or the state can tell passes', () => {
  // It may be imported; its password stays that of the server.
  expect(problemsWith({ name: 'Any text', workspace: '', url, username: 'ci' })).toBe('');
  const tokens = synthesized((stack) => {
    const given = new TerraformVariable(stack, 'given', { type: 'string' }).stringValue;
    return { name: given, workspace: given, url: given, type: 'https', username: given, passwordWo: given, syncPeriod: given };
  });
  expect(tokens).toMatchObject({ url: '${var.given}', type: 'https', sync_period: '${var.given}' });
});

test('a period may be a number, which may be an expression', () => {
  expect(synthesized(() => ({ name: 'a', url, syncPeriod: 3600 }))).toEqual({ name: 'a', url, sync_period: '3600' });
  expect(synthesized(() => ({ name: 'a', url, syncPeriod: Token.asNumber('${local.period}') }))).toMatchObject({
    sync_period: '${local.period}',
  });
});

test('a setter checks as the constructor does, and a right value takes the problem back', () => {
  const stack = new TerraformStack(Testing.app(), 's');
  const made = new AppRepository(stack, 'example', { name: 'a', url });
  made.syncPeriod = 60;
  made.username = 'ci';
  made.type = 'http';
  expect(() => Testing.synth(stack)).toThrow(/syncPeriod: "60" is too short[^]*type: "http" is not the type/);
  made.syncPeriod = 600;
  made.resetType();
  expect(Testing.synth(stack)).toContain('"sync_period": "600"');
});

test.each([
  [{ bucket: 'b' }, 's3Url: zone and host are missing; set the zone, e.g. "pek3a"'],
  [{ bucket: '', zone: 'z' }, 's3Url: bucket: "" cannot be part of the URL of a bucket; allowed are letters, digits, "-" and "."'],
  [{ bucket: 'a/b', zone: 'z' }, 's3Url: bucket: "a/b" cannot be part of'],
  [{ zone: 'z' }, 's3Url: bucket: it is undefined; it must be a string'],
  [{ bucket: 'b', zone: '' }, 's3Url: zone: "" cannot be part of'],
  [{ bucket: 'b', host: 'http://minio:9000' }, 's3Url: host: "http://minio:9000" cannot be the host of a store; write a domain or a host'],
  [{ bucket: 'b', host: '' }, 's3Url: host: "" cannot be the host of a store'],
])('s3Url refuses %j', (given, message) => {
  expect(() => s3Url(given as unknown as Parameters<typeof s3Url>[0])).toThrow(message);
});

test('s3Url takes hosts with ports, addresses and expressions', () => {
  expect(s3Url({ bucket: 'b', host: 'minio:9000' })).toBe('s3://minio:9000/b/');
  expect(s3Url({ bucket: 'b', host: '[::1]:9000', prefix: 'x' })).toBe('s3://[::1]:9000/b/x/');
  expect(s3Url({ bucket: '${var.b}', zone: '${var.z}' })).toBe('s3://s3.${var.z}.qingstor.com/${var.b}/');
});
