import { Testing, TerraformStack, TerraformVariable } from 'cdktf';
import { ArtifactapiProvider, DockerFront, GoFront, NpmFront, PypiFront } from '../../../constructs/artifactapi';
import { clientFormats } from '../../../src/common/client-config';
import { layouts } from './layouts';

const upstream = 'https://upstream.example.com';
const endpoint = 'https://artifacts.example.com';

let stack: TerraformStack;
beforeEach(() => {
  stack = new TerraformStack(Testing.app(), 's');
});

type Resources = Record<string, Record<string, Record<string, unknown>>>;

/** The resources, with the hashes that the core ends the names of nested constructs with left out. */
function resources(): Resources {
  const text = Testing.synth(stack).replace(/_[0-9A-F]{8}\b/g, '');
  const { resource } = JSON.parse(text) as { resource: Resources };
  return Object.fromEntries(
    Object.entries(resource).map(([type, all]) => [
      type,
      Object.fromEntries(Object.entries(all).map(([id, { '//': _, ...config }]) => [id, config])),
    ]),
  );
}

test.each(layouts)('a front of $packageType is a remote, a local and a virtual, the local one first', ({ front, packageType }) => {
  const it = new front(stack, 'it', { name: 'all', upstream });
  expect(resources()).toEqual({
    [`artifactapi_remote_${packageType}`]: { it_remote: { name: 'all-remote', base_url: upstream } },
    [`artifactapi_local_${packageType}`]: { it_internal: { name: 'all-internal' } },
    artifactapi_virtual: {
      it_virtual: {
        name: 'all',
        package_type: packageType,
        members: [`\${artifactapi_local_${packageType}.it_internal.name}`, `\${artifactapi_remote_${packageType}.it_remote.name}`],
      },
    },
  });
  const formats = clientFormats.filter((format) => format.packageType === packageType);
  expect(it.clientConfig({ endpoint })).toBe(formats[0]?.text({ endpoint, kind: 'virtual', name: 'all' }));
});

test('every setting goes where it belongs', () => {
  const provider = new ArtifactapiProvider(stack, 'p', { alias: 'second', endpoint, installLocally: false });
  const variable = new TerraformVariable(stack, 'v', { type: 'string' });
  const front = new NpmFront(stack, 'npm', {
    name: 'npm',
    upstream,
    description: 'Packages',
    privateNames: ['@acme/', 'acme.js'],
    remoteName: variable.stringValue,
    internalName: 'ours',
    remote: { mutableTtl: 300, blocklist: ['^event-stream'], username: 'ci', passwordWo: '${var.v}' },
    internal: { forceDestroy: true, description: 'Our packages' },
    provider,
  });
  expect(resources()).toEqual({
    artifactapi_remote_npm: {
      npm_remote: {
        provider: 'artifactapi.second',
        name: '${var.v}',
        description: 'Packages',
        base_url: upstream,
        username: 'ci',
        password_wo: '${var.v}',
        mutable_ttl: 300,
        blocklist: ['^/*(?:-/package/)?(?:@|%40)acme(?:/|%2[Ff])', '^/*(?:-/package/)?acme\\.js(?:/|$)', '^event-stream'],
      },
    },
    artifactapi_local_npm: {
      npm_internal: { provider: 'artifactapi.second', name: 'ours', description: 'Our packages', force_destroy: true },
    },
    artifactapi_virtual: {
      npm_virtual: {
        provider: 'artifactapi.second',
        name: 'npm',
        description: 'Packages',
        package_type: 'npm',
        members: ['${artifactapi_local_npm.npm_internal.name}', '${artifactapi_remote_npm.npm_remote.name}'],
      },
    },
  });
  expect(front.clientConfig()).toBe(`registry=${endpoint}/api/v1/virtual/npm/\nreplace-registry-host=always\n`);
});

test('a front of Go modules tells clients which ones the public checksum database does not know', () => {
  const names = ['git.acme.example/', 'github.com/acme-', 'github.com/acme/tool'];
  const front = new GoFront(stack, 'go', { name: 'go', upstream, privateNames: names });
  expect(front.clientConfig({ endpoint })).toBe(
    `GOPROXY=${endpoint}/api/v1/virtual/go\nGONOSUMDB=git.acme.example,github.com/acme-*,github.com/acme/tool\n`,
  );
  expect(new GoFront(stack, 'open', { name: 'open', upstream }).clientConfig({ endpoint })).toBe(
    `GOPROXY=${endpoint}/api/v1/virtual/open\n`,
  );
  expect(front.internal.clientConfig({ endpoint })).toBe(`GOPROXY=${endpoint}/api/v1/local/go-internal\nGONOSUMDB=*\n`);
});

test('a front whose package type has several formats gives each', () => {
  const front = new DockerFront(stack, 'images', { name: 'images', upstream });
  expect(front.clientConfig({ endpoint, format: 'registries_conf' })).toBe(
    '[[registry]]\nprefix = "artifacts.example.com/images"\nlocation = "artifacts.example.com/images"\ninsecure = false\n',
  );
});

test('expressions that patterns cannot be made of are refused, with the reason', () => {
  const list = new TerraformVariable(stack, 'l', { type: 'list(string)' });
  const props = { name: 'py', upstream };
  new PypiFront(stack, 'a', { ...props, privateNames: list.listValue });
  new PypiFront(stack, 'b', { ...props, privateNames: ['${var.name}'] });
  expect(resources).toThrow(`the configuration cannot be deployed:
  [s/a] privateNames contains an expression; its patterns can be made only from literal names
  [s/b] privateNames contains an expression; its patterns can be made only from literal names`);
});

test('a blocklist that is an expression is joined with the patterns of owned names', () => {
  const list = new TerraformVariable(stack, 'l', { type: 'list(string)' });
  new NpmFront(stack, 'a', { name: 'a', upstream, privateNames: ['acme.js'], remote: { blocklist: list.listValue } });
  new NpmFront(stack, 'b', { name: 'b', upstream, remote: { blocklist: list.listValue } });
  expect(resources()['artifactapi_remote_npm']).toMatchObject({
    a_remote: { blocklist: '${concat(["^/*(?:-/package/)?acme\\\\.js(?:/|$)"], var.l)}' },
    b_remote: { blocklist: '${var.l}' },
  });
});

test('a misspelt setting and a wrong upstream are errors that name the repository', () => {
  const wrong = { mutableTTL: 1 } as object;
  new NpmFront(stack, 'a', { name: 'a', upstream, remote: wrong });
  new NpmFront(stack, 'b', { name: 'b', upstream: 'npm' });
  expect(resources).toThrow(
    '[s/a/remote] artifactapi_remote_npm: there is no attribute "mutableTTL"; did you mean "mutableTtl"?\n  [s/b] upstream: "npm" is not a URL',
  );
});

test('a misspelt or missing property is an error: names that are owned must not be lost by a typing error', () => {
  const wrong = { name: 'py', upstreamUrl: upstream, privateName: ['acme-'] } as unknown as ConstructorParameters<typeof PypiFront>[2];
  new PypiFront(stack, 'a', wrong);
  expect(resources).toThrow(`the configuration cannot be deployed:
  [s/a] there is no property "upstreamUrl"; did you mean "upstream"?
  [s/a] there is no property "privateName"; did you mean "privateNames"?
  [s/a] the property "upstream" is required`);
});
