import { Testing, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import * as constructs from '../../constructs/artifactapi';
import * as bk from '../../constructs/bkrepo';
import { pascalCase } from '../../src/common/names';
import { clientFormats } from '../../src/common/client-config';
import { packages } from '../../src/common/gen/packages';

const { ArtifactapiFunctions, ArtifactapiProvider, LocalDocker, RemoteHelm, RemoteNpm, RemotePypi, Virtual } = constructs;
const endpoint = 'https://artifacts.example.com';
const upstream = { baseUrl: 'https://npm.example.com' };

let stack: TerraformStack;
beforeEach(() => {
  stack = new TerraformStack(Testing.app(), 's');
});

const outputs = (): Record<string, unknown> => {
  const { output } = JSON.parse(Testing.synth(stack)) as { output: Record<string, { value: unknown }> };
  return Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value]));
};
const put = (name: string, value: unknown): TerraformOutput => new TerraformOutput(stack, name, { value });

interface Configured {
  clientConfig?(options?: { endpoint?: string; format?: string }): string;
}
type Class = new (scope: TerraformStack, id: string, config: object) => Configured;
const kinds = ['remote', 'local', 'virtual'] as const;

test.each(packages.flatMap(({ name }) => kinds.map((kind) => ({ kind, name }))))(
  'a $kind of $name has the text of each format of its package type, and the first one unasked',
  ({ kind, name }) => {
    const className = kind === 'virtual' ? 'Virtual' : pascalCase(`${kind}_${name}`);
    const config = { remote: upstream, local: {}, virtual: { packageType: name, members: [] } }[kind];
    const repository = new (constructs as unknown as Record<string, Class>)[className]!(stack, 'it', { name: 'mine', ...config });
    const formats = clientFormats.filter(({ packageType }) => packageType === name);
    const target = { endpoint, kind, name: 'mine' };
    const made = formats.map((format) => repository.clientConfig?.({ endpoint, format: format.name }));
    expect(made).toEqual(formats.map((format) => format.text(target)));
    if (formats[0]) expect(repository.clientConfig?.({ endpoint })).toBe(formats[0].text(target));
    else if (kind !== 'virtual') expect(repository.clientConfig).toBeUndefined();
    else {
      expect(repository.clientConfig?.({ endpoint })).toBe('');
      expect(() => Testing.synth(stack)).toThrow(`[s/it] clientConfig: there is no client configuration for the package type "${name}"`);
    }
  },
);

test('the endpoint is that of the provider: the one without alias, or the one the repository names', () => {
  new ArtifactapiProvider(stack, 'other', { alias: 'other', endpoint: 'https://other.example.com' });
  const second = new ArtifactapiProvider(stack, 'second', { alias: 'second', endpoint: 'https://second.example.com' });
  new ArtifactapiProvider(stack, 'p', { endpoint });
  const plain = new RemoteNpm(stack, 'plain', { name: 'plain', ...upstream });
  const named = new RemoteNpm(stack, 'named', { name: 'named', ...upstream, provider: second });
  expect(plain.clientConfig()).toBe('registry=https://artifacts.example.com/api/v1/remote/plain/\nreplace-registry-host=always\n');
  expect(named.clientConfig()).toBe('registry=https://second.example.com/api/v1/remote/named/\nreplace-registry-host=always\n');
  expect(named.clientConfig({ endpoint: 'https://front.example.com/' })).toBe(
    'registry=https://front.example.com/api/v1/remote/named/\nreplace-registry-host=always\n',
  );
});

test('a name that is an expression stands in the text as a reference', () => {
  const variable = new TerraformVariable(stack, 'n', { type: 'string' });
  const npm = new RemoteNpm(stack, 'npm', { name: `npm-${variable.stringValue}`, ...upstream });
  const pypi = new RemotePypi(stack, 'pypi', { name: '${var.n}', ...upstream });
  const charts = new RemoteHelm(stack, 'charts', { name: variable.stringValue, ...upstream });
  put('npm_text', npm.clientConfig({ endpoint }));
  put('pypi_text', pypi.clientConfig({ endpoint: 'http://127.0.0.1:8000' }));
  put('charts_text', charts.clientConfig({ endpoint }));
  expect(outputs()).toEqual({
    npm_text: 'registry=https://artifacts.example.com/api/v1/remote/${artifactapi_remote_npm.npm.name}/\nreplace-registry-host=always\n',
    pypi_text:
      '[global]\nindex-url = http://127.0.0.1:8000/api/v1/remote/${artifactapi_remote_pypi.pypi.name}/simple/\ntrusted-host = 127.0.0.1:8000\n',
    charts_text:
      'apiVersion: ""\nrepositories:\n  - name: "${artifactapi_remote_helm.charts.name}"\n    url: "https://artifacts.example.com/api/v1/remote/${artifactapi_remote_helm.charts.name}"\n',
  });
});

test('an endpoint that is an expression makes it a call of the provider', () => {
  const variable = new TerraformVariable(stack, 'e', { type: 'string' });
  new ArtifactapiProvider(stack, 'p', { endpoint: variable.stringValue });
  const npm = new RemoteNpm(stack, 'npm', { name: 'npm', ...upstream });
  put('given', npm.clientConfig({ endpoint: '${var.e}' }));
  put('provider', npm.clientConfig());
  expect(outputs()).toEqual({
    given: '${provider::artifactapi::client_config("npmrc", "${var.e}", "remote", "npm")}',
    provider: '${provider::artifactapi::client_config("npmrc", var.e, "remote", "npm")}',
  });
});

test('without an endpoint, as with ARTIFACTAPI_ENDPOINT, the server is what the url begins with', () => {
  new ArtifactapiProvider(stack, 'p');
  const variable = new TerraformVariable(stack, 'n', { type: 'string' });
  const npm = new RemoteNpm(stack, 'npm', { name: 'npm', ...upstream });
  const all = new Virtual(stack, 'all', { name: variable.stringValue, packageType: 'npm', members: [npm.name] });
  put('npm_text', npm.clientConfig());
  put('all_text', all.clientConfig());
  expect(outputs()).toEqual({
    npm_text:
      '${provider::artifactapi::client_config("npmrc", trimsuffix(artifactapi_remote_npm.npm.url, "/api/v1/remote/npm"), "remote", "npm")}',
    all_text:
      '${provider::artifactapi::client_config("npmrc", trimsuffix(artifactapi_virtual.all.url, "/api/v1/virtual/${artifactapi_virtual.all.name}"), "virtual", artifactapi_virtual.all.name)}',
  });
});

test('what cannot be answered is refused, with what to do', () => {
  const docker = new LocalDocker(stack, 'docker', { name: 'images' });
  expect(docker.clientConfig({ endpoint, format: 'npmrc' as 'containerd' })).toBe('');
  expect(() => Testing.synth(stack)).toThrow('[s/docker] clientConfig: format is "npmrc"; allowed are containerd, registries_conf');
  docker.clientConfig({ endpoint: 'artifacts' });
  expect(() => Testing.synth(stack)).toThrow('[s/docker] clientConfig: endpoint: "artifacts" is not a URL');
  const some = new Virtual(stack, 'some', { name: 'some', packageType: '${var.type}', members: [] });
  some.clientConfig({ endpoint });
  expect(() => Testing.synth(stack)).toThrow(
    '[s/some] clientConfig: the package type is not known at synthesis; set format to one of apk, ',
  );
  expect(some.clientConfig({ endpoint, format: 'goproxy' })).toBe(`GOPROXY=${endpoint}/api/v1/virtual/some\n`);
  const many = new RemoteNpm(stack, 'many', { name: 'npm-${count.index}', ...upstream, count: 2 });
  many.clientConfig({ endpoint });
  expect(() => Testing.synth(stack)).toThrow(
    '[s/many] clientConfig: it makes the text for one repository, but count or forEach creates several',
  );
});

test('functions of the provider are expressions with literals escaped and references left whole', () => {
  const variable = new TerraformVariable(stack, 'v', { type: 'string' });
  const list = new TerraformVariable(stack, 'l', { type: 'list(string)' });
  const npm = new RemoteNpm(stack, 'npm', { name: 'npm', ...upstream });
  put('url', ArtifactapiFunctions.repositoryUrl(endpoint, 'virtual', npm.name));
  put('in_text', `see ${ArtifactapiFunctions.repositoryUrl(endpoint, 'remote', 'a')} for "it"`);
  put('match', ArtifactapiFunctions.matchPath(['\\.tgz$', '^"a\n', `^${variable.stringValue}\\."`, variable.stringValue], 'x.tgz'));
  put('list', ArtifactapiFunctions.matchPath(list.listValue, '${var.v}/"x"'));
  put('nested', ArtifactapiFunctions.clientConfig('npmrc', endpoint, 'remote', ArtifactapiFunctions.repositoryUrl('a', 'b', 'c')));
  expect(outputs()).toEqual({
    url: '${provider::artifactapi::repository_url("https://artifacts.example.com", "virtual", artifactapi_remote_npm.npm.name)}',
    in_text: 'see ${provider::artifactapi::repository_url("https://artifacts.example.com", "remote", "a")} for "it"',
    match: '${provider::artifactapi::match_path(["\\\\.tgz$", "^\\"a\\n", "^${var.v}\\\\.\\"", var.v], "x.tgz")}',
    list: '${provider::artifactapi::match_path(var.l, "${var.v}/\\"x\\"")}',
    nested:
      '${provider::artifactapi::client_config("npmrc", "https://artifacts.example.com", "remote", provider::artifactapi::repository_url("a", "b", "c"))}',
  });
});

describe('a repository of BK-Repo', () => {
  const place = { project: 'payments', name: 'npm' };
  const upstreamUrl = 'https://npm.example.com';

  test('has the texts of its type, with the user and the password of the environment', () => {
    new bk.BkrepoProvider(stack, 'bkrepo', { endpoint: 'https://bkrepo.example.com/' });
    const npm = [
      'registry=https://bkrepo.example.com/npm/payments/npm/',
      'replace-registry-host=always',
      '//bkrepo.example.com/npm/payments/npm/:username=$${BKREPO_USERNAME}',
      '//bkrepo.example.com/npm/payments/npm/:_password=$${BKREPO_PASSWORD_BASE64}',
      '',
    ].join('\n');
    const made = [
      new bk.LocalRepository(stack, 'local', { ...place, type: 'NPM' }),
      new bk.RemoteRepository(stack, 'remote', { ...place, type: 'NPM', upstreamUrl }),
      new bk.VirtualRepository(stack, 'virtual', { ...place, type: 'NPM', members: [] }),
      new bk.CompositeRepository(stack, 'composite', { ...place, type: 'NPM' }),
    ].map((repository) => repository.clientConfig());
    expect(made).toEqual([npm, npm, npm, npm]);
    const images = new bk.LocalRepository(stack, 'images', { project: 'payments', name: 'images', type: 'OCI' });
    expect(images.clientConfig({ format: 'registries_conf' })).toContain('location = "bkrepo.example.com/payments/images"\n');
    const python = new bk.LocalRepository(stack, 'python', { project: 'payments', name: 'python', type: 'PYPI' });
    expect(python.clientConfig({ format: 'pypirc' })).toBe(
      '[distutils]\nindex-servers = python\n\n[python]\nrepository = https://bkrepo.example.com/pypi/payments/python/\n',
    );
  });

  const endpoint = 'https://bkrepo.example.com';
  test.each<[{ type: 'GENERIC' | 'NPM' }, object, string]>([
    [{ type: 'GENERIC' }, { endpoint }, 'there is no client configuration for the package type "GENERIC"; clients fetch from url'],
    [{ type: 'NPM' }, { endpoint, format: 'pip' }, 'format is "pip"; allowed are npmrc, yarnrc'],
    [{ type: 'NPM' }, {}, 'the endpoint of the provider is not known at synthesis; give it as endpoint'],
  ])('says what is wrong: %j %j', (given, options, problem) => {
    expect(new bk.LocalRepository(stack, 'it', { ...place, ...given }).clientConfig(options)).toBe('');
    expect(() => Testing.synth(stack)).toThrow(problem);
  });
});
