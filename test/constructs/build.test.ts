import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConstructs } from '../../scripts/build-constructs';
import { hostPlatform } from '../../constructs/provider/platforms';
import { snippetProblems } from './type-check';

const root = join(__dirname, '../..');
let folder: string;
const installed = (): string => join(folder, 'node_modules/repoform');

/** An app folder in which this package is installed as npm would, with a stand-in for the executable. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-app-'));
  mkdirSync(join(installed(), 'dist/provider'), { recursive: true });
  buildConstructs(join(installed(), 'lib'));
  const entry = (core: string): object => ({
    import: { types: `./lib/${core}/artifactapi.d.mts`, default: `./lib/${core}/artifactapi.mjs` },
    require: { types: `./lib/${core}/artifactapi.d.ts`, default: `./lib/${core}/artifactapi.js` },
  });
  const exported = { './artifactapi': entry('cdktf'), './cdktn/artifactapi': entry('cdktn') };
  writeFileSync(join(installed(), 'package.json'), JSON.stringify({ name: 'repoform', version: '3.4.5', exports: exported }));
  writeFileSync(join(installed(), 'dist/provider/terraform-provider-artifactapi'), '#!/bin/sh\nexit 1\n');
  for (const name of ['cdktf', 'cdktn', 'constructs', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly status: number;
  readonly output: string;
}

function run(file: string, text: string, env: Readonly<Record<string, string>> = {}): Ran {
  writeFileSync(join(folder, file), text);
  const options = { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: folder, ...env }, stdio: 'pipe' } as const;
  try {
    return { status: 0, output: execFileSync(process.execPath, [file], options) };
  } catch (cause) {
    const { status, stdout, stderr } = cause as { status: number; stdout: string; stderr: string };
    return { status, output: stdout + stderr };
  }
}

const app = (core: string, fill: string): string => `
const { App, TerraformStack, TerraformProvider } = require('${core}');
const { ArtifactapiProvider, RemoteNpm, LocalNpm, Virtual, secretVariable } = require('repoform/${core === 'cdktf' ? '' : 'cdktn/'}artifactapi');
const app = new App({ outdir: process.env.OUT });
${fill}
app.synth();
`;
/** cdktn refuses functions of providers and write-only attributes unless the app says that its Terraform has them. */
const newer = (text: string): string =>
  text.replace('{ outdir:', "{ context: { targetVersions: { terraform: '>=1.11.0', opentofu: '>=1.11.0' } }, outdir:");
const small = `
const stack = new TerraformStack(app, 'one');
new ArtifactapiProvider(stack, 'p', { endpoint: 'http://127.0.0.1:8000' });
const npm = new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com' });
new Virtual(stack, 'all', { name: 'all', packageType: 'npm' }).addMember(npm);
`;
const plugin = (platform: string): string =>
  `terraform.d/plugins/registry.terraform.io/repoform/artifactapi/3.4.5/${platform}/terraform-provider-artifactapi_v3.4.5`;

test.each(['cdktf', 'cdktn'])('an app on %s synthesizes and gets the provider laid down', (core) => {
  const out = join(folder, `out-${core}`);
  expect(run(`${core}.js`, app(core, small), { OUT: out })).toEqual({ status: 0, output: expect.any(String) as string });
  const json = JSON.parse(readFileSync(join(out, 'stacks/one/cdk.tf.json'), 'utf8')) as Record<
    string,
    Record<string, Record<string, object>>
  >;
  expect(json['resource']?.['artifactapi_virtual']?.['all']).toMatchObject({ members: ['${artifactapi_remote_npm.npm.name}'] });
  expect(json['terraform']?.['required_providers']).toEqual({
    artifactapi: { source: 'registry.terraform.io/repoform/artifactapi', version: '3.4.5' },
  });
  for (const platform of new Set([hostPlatform(), 'linux_amd64', 'linux_arm64'])) {
    expect(statSync(join(out, 'stacks/one', plugin(platform))).mode & 0o777).toBe(0o755);
  }
});

test('fronts, client configuration and provider functions are the same on both cores', () => {
  const fill = `
const { NpmFront, ArtifactapiFunctions } = require('repoform/' + (core === 'cdktf' ? '' : 'cdktn/') + 'artifactapi');
const { TerraformOutput, TerraformVariable } = require(core);
const stack = new TerraformStack(app, 'one');
const endpoint = new TerraformVariable(stack, 'endpoint', { type: 'string' });
new ArtifactapiProvider(stack, 'p', { endpoint: endpoint.stringValue, installLocally: false });
const front = new NpmFront(stack, 'npm', { name: 'npm', upstream: 'https://npm.example.com', privateNames: ['@acme/'] });
new TerraformOutput(stack, 'npmrc', { value: front.clientConfig() });
new TerraformOutput(stack, 'literal', { value: front.clientConfig({ endpoint: 'https://a.example.com' }) });
new TerraformOutput(stack, 'url', { value: ArtifactapiFunctions.repositoryUrl('https://a.example.com/', 'local', front.internal.name + '-x') });
new TerraformOutput(stack, 'match', { value: ArtifactapiFunctions.matchPath(['\\\\.tgz"$', front.virtual.name], 'a') });
`;
  const [cdktf, cdktn] = ['cdktf', 'cdktn'].map((core) => {
    const out = join(folder, `out-front-${core}`);
    expect(run(`front-${core}.js`, newer(app(core, `const core = '${core}';${fill}`)), { OUT: out })).toEqual({ status: 0, output: '' });
    const json = JSON.parse(readFileSync(join(out, 'stacks/one/cdk.tf.json'), 'utf8')) as Record<'resource' | 'output', object>;
    // Each core writes down the path of the construct, and no more.
    return JSON.parse(
      JSON.stringify({ ...json.resource, ...json.output }, (key, value: unknown) => (key === '//' ? undefined : value)),
    ) as object;
  });
  expect(cdktn).toEqual(cdktf);
  const [local, virtual] = [/npm_internal_\w+/, /npm_virtual_\w+/].map((name) => name.exec(JSON.stringify(cdktf))?.[0] ?? '');
  expect(cdktf).toMatchObject({
    npmrc: { value: '${provider::artifactapi::client_config("npmrc", var.endpoint, "virtual", "npm")}' },
    literal: { value: 'registry=https://a.example.com/api/v1/virtual/npm/\nreplace-registry-host=always\n' },
    url: {
      value: `\${provider::artifactapi::repository_url("https://a.example.com/", "local", "\${artifactapi_local_npm.${local}.name}-x")}`,
    },
    match: { value: `\${provider::artifactapi::match_path(["\\\\.tgz\\"$", artifactapi_virtual.${virtual}.name], "a")}` },
  });
});

test('terraform init installs what was laid down, with no network and no configuration', () => {
  const out = join(folder, 'out-init');
  run('init.js', app('cdktf', small), { OUT: out });
  const cwd = join(out, 'stacks/one');
  const env = { PATH: process.env['PATH'], HOME: folder, CHECKPOINT_DISABLE: '1', HTTPS_PROXY: 'http://127.0.0.1:9' };
  const before = readFileSync(join(cwd, '.terraform.lock.hcl'), 'utf8');
  expect(execFileSync('terraform', ['init', '-no-color', '-input=false'], { cwd, env, encoding: 'utf8' })).toContain(
    'Installed repoform/artifactapi v3.4.5 (unauthenticated)',
  );
  expect(readFileSync(join(cwd, '.terraform.lock.hcl'), 'utf8')).toBe(before);
});

test('terraform init takes a lock file with the note, and locks the other provider itself', () => {
  const out = join(folder, 'out-other');
  const other = join(folder, '.terraform.d/plugins/registry.terraform.io/acme/other/1.0.0', hostPlatform());
  mkdirSync(other, { recursive: true });
  writeFileSync(join(other, 'terraform-provider-other_v1.0.0'), '', { mode: 0o755 });
  const fill = `
class Other extends TerraformProvider {
  constructor(scope, id) { super(scope, id, { terraformResourceType: 'other', terraformProviderSource: 'acme/other', terraformGeneratorMetadata: { providerName: 'other', providerVersion: '1.0.0' } }); }
}
const stack = new TerraformStack(app, 'one');
new ArtifactapiProvider(stack, 'p');
new Other(stack, 'other');
`;
  run('other.js', app('cdktf', fill), { OUT: out });
  const cwd = join(out, 'stacks/one');
  const lock = (): string => readFileSync(join(cwd, '.terraform.lock.hcl'), 'utf8');
  expect(lock()).toContain('/* For the cdktf command');
  const env = { PATH: process.env['PATH'], HOME: folder, CHECKPOINT_DISABLE: '1', HTTPS_PROXY: 'http://127.0.0.1:9' };
  execFileSync('terraform', ['init', '-no-color', '-input=false'], { cwd, env, stdio: 'pipe' });
  expect(lock().match(/^provider "[^"]+"/gm)).toEqual([
    'provider "registry.terraform.io/acme/other"',
    'provider "registry.terraform.io/repoform/artifactapi"',
  ]);
  const before = lock();
  run('other.js', app('cdktf', fill), { OUT: out });
  expect(lock()).toBe(before);
});

test('stacks, aliases and other providers each get what they need, and the provider stands there once', () => {
  const out = join(folder, 'out-many');
  const fill = `
class Other extends TerraformProvider {
  constructor(scope, id) { super(scope, id, { terraformResourceType: 'other', terraformProviderSource: 'acme/other', terraformGeneratorMetadata: { providerName: 'other', providerVersion: '1.0.0' } }); }
}
const [one, two, bare] = ['one', 'two', 'bare'].map((id) => new TerraformStack(app, id));
new ArtifactapiProvider(one, 'p', { endpoint: 'http://127.0.0.1:8000' });
const second = new ArtifactapiProvider(one, 'q', { endpoint: 'http://127.0.0.1:8001', alias: 'q' });
const npm = new RemoteNpm(one, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', provider: second });
new ArtifactapiProvider(two, 'p', { source: 'example.com/acme/artifactapi', platforms: ['darwin_arm64'] });
new Other(two, 'other');
new Virtual(two, 'all', { name: 'all', packageType: 'npm', members: [npm.name] });
new ArtifactapiProvider(bare, 'p', { installLocally: false });
`;
  expect(run('many.js', app('cdktf', fill), { OUT: out }).status).toBe(0);
  const lock = (stack: string): string => readFileSync(join(out, 'stacks', stack, '.terraform.lock.hcl'), 'utf8');
  expect(lock('one').match(/^provider/gm)).toHaveLength(1);
  expect(lock('two')).toContain('provider "example.com/acme/artifactapi" {\n  version     = "3.4.5"');
  expect(lock('two')).toContain('provider "registry.terraform.io/acme/other" {\n  constraints = ""\n}\n*/\n');
  expect(readdirSync(join(out, 'stacks/two/terraform.d/plugins/example.com/acme/artifactapi/3.4.5'))).toEqual(['darwin_arm64']);
  expect(readdirSync(join(out, 'stacks/bare')).sort()).toEqual(['cdk.tf.json', 'repoform.positions.json']);
});

test('a configuration that switches the folder off stops synthesis, unless the provider is not laid down', () => {
  const rc = join(folder, 'rc');
  writeFileSync(rc, 'provider_installation {\n  direct {}\n}\n');
  const env = { OUT: join(folder, 'out-rc'), TF_CLI_CONFIG_FILE: rc };
  const stopped = run('rc.js', app('cdktf', small), env);
  expect(stopped.status).toBe(1);
  expect(stopped.output).toContain(`[one/p] ${rc} has a provider_installation block`);
  expect(run('rc.js', app('cdktf', small.replace('{ endpoint:', '{ installLocally: false, endpoint:')), env).status).toBe(0);
});

test('a package without the executable says what to do', () => {
  const other = join(folder, 'incomplete/node_modules/repoform');
  cpSync(installed(), other, { recursive: true });
  rmSync(join(other, 'dist'), { recursive: true });
  for (const name of ['cdktf', 'constructs']) symlinkSync(join(root, 'node_modules', name), join(folder, 'incomplete/node_modules', name));
  const { status, output } = run('incomplete/app.js', app('cdktf', small), { OUT: join(folder, 'out-none') });
  expect(status).toBe(1);
  expect(output).toContain('is missing; in the source tree of repoform run "npm run build", else install the package again');
});

test.each(['cdktf', 'cdktn'])('a literal secret is warned of on %s, a variable is not', (core) => {
  const out = join(folder, `out-secret-${core}`);
  const fill = `
const stack = new TerraformStack(app, 'one');
const secret = secretVariable(stack, 'secret', { description: 'Password of the upstream' });
new ArtifactapiProvider(stack, 'p', { token: 'hunter2', headers: [{ name: 'X', value: 'hunter2' }], installLocally: false });
new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', username: 'me', password: 'hunter2' });
new RemoteNpm(stack, 'good', { name: 'good', baseUrl: 'https://npm.example.com', username: 'me', passwordWo: secret.stringValue });
`;
  expect(run('secret.js', newer(app(core, fill)), { OUT: out }).status).toBe(0);
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
    stacks: { one: { annotations: { constructPath: string; level: string; message: string }[] } };
  };
  const { annotations } = manifest.stacks.one;
  expect(annotations.map(({ constructPath, level, message }) => [constructPath, level, /"([^"]+)"/.exec(message)?.[1]])).toEqual([
    ['one/p', '@cdktf/warn', 'token'],
    ['one/p', '@cdktf/warn', 'headers[0].value'],
    ['one/npm', '@cdktf/warn', 'password'],
  ]);
  expect(annotations[2]?.message).toContain('secretVariable(scope, id)');
  expect(annotations[2]?.message).toContain('passwordWo');
  expect(JSON.stringify(annotations)).not.toContain('hunter2');
  const json = JSON.parse(readFileSync(join(out, 'stacks/one/cdk.tf.json'), 'utf8')) as { variable: { secret: object } };
  expect(json.variable.secret).toMatchObject({
    type: 'string',
    sensitive: true,
    ephemeral: true,
    description: 'Password of the upstream',
  });
});

test('ESM and CommonJS see the same classes', () => {
  const text = `
import { createRequire } from 'node:module';
import * as esm from 'repoform/artifactapi';
const cjs = createRequire(import.meta.url)('repoform/artifactapi');
const names = Object.keys(cjs).sort();
console.log(JSON.stringify(names) === JSON.stringify(Object.keys(esm).sort()) && names.every((name) => esm[name] === cjs[name]), names.includes('RemoteNpm'), 'default' in esm);
`;
  expect(run('same.mjs', text).output).toBe('true true false\n');
});

test.each(['cdktf', 'cdktn'])('importing the constructs for %s loads nothing but that core and constructs', (core) => {
  const text = `
require('repoform/${core === 'cdktf' ? '' : 'cdktn/'}artifactapi');
const packages = Object.keys(require.cache).filter((file) => file !== __filename).map((file) => file.replace(/\\\\/g, '/').split('/node_modules/')[1].split('/')[0]);
console.log([...new Set(packages)].sort().join());
`;
  expect(run('bare.js', text).output).toBe(`${[core, 'constructs', 'repoform'].sort().join()}\n`);
});

test.each(['cdktf', 'cdktn'])('patterns are checked at synthesis for %s, by what is loaded with the first one that needs it', (core) => {
  const text = `
const { App, TerraformStack, Testing } = require('${core}');
const { RemoteNpm } = require('repoform/${core === 'cdktf' ? '' : 'cdktn/'}artifactapi');
const stack = new TerraformStack(new App(), 's');
const loaded = () => Object.keys(require.cache).some((file) => file.endsWith('re2js.js'));
const base = { name: 'npm', baseUrl: 'https://npm.example.com' };
new RemoteNpm(stack, 'none', base);
new RemoteNpm(stack, 'token', { ...base, patterns: ['$' + '{var.pattern}'] });
console.log(loaded());
new RemoteNpm(stack, 'right', { ...base, patterns: ['^a/.*$'] });
console.log(loaded());
new RemoteNpm(stack, 'choice', { ...base, patterns: ['^(a|b)/'] });
console.log(loaded());
new RemoteNpm(stack, 'wrong', { ...base, patterns: ['^a', '(?=b)'] });
try { Testing.synth(stack); } catch (thrown) { console.log(thrown.message); }
`;
  expect(run('patterns.js', text).output).toBe(
    'false\nfalse\ntrue\nthe configuration cannot be deployed:\n  [s/wrong] artifactapi_remote_npm: patterns[1]: "(?=b)" is not a valid RE2 pattern: invalid or unsupported Perl syntax: `(?=`; the server uses RE2, which has no look-ahead and no look-behind\n',
  );
});

const head = `import { App, TerraformStack, Token } from 'cdktf';
import { ArtifactapiProvider, DockerFront, LocalGeneric, LocalNpm, NpmFront, RemoteNpm, Virtual } from 'repoform/artifactapi';
const stack = new TerraformStack(new App(), 's');
declare const token: string;
`;
const snippets: readonly (readonly [string, string, readonly string[]])[] = [
  ['a right one', "new RemoteNpm(stack, 'a', { name: 'a', baseUrl: token, mutableTtl: Token.asNumber(token) });", []],
  [
    'a token for an enumeration',
    "new Virtual(stack, 'a', { name: 'a', packageType: token, members: [new LocalNpm(stack, 'l', { name: 'l' }).name] });",
    [],
  ],
  [
    'a wrong type',
    "new RemoteNpm(stack, 'a', { name: 'a', baseUrl: 'b', mutableTtl: '1' });",
    ["Type 'string' is not assignable to type 'number'."],
  ],
  [
    'an unknown attribute',
    "new RemoteNpm(stack, 'a', { name: 'a', baseUrl: 'b', mutableTTL: 1 });",
    [
      "Object literal may only specify known properties, but 'mutableTTL' does not exist in type 'RemoteNpmConfig'. Did you mean to write 'mutableTtl'?",
    ],
  ],
  [
    'a missing one',
    "new RemoteNpm(stack, 'a', { name: 'a' });",
    [expect.stringContaining("Property 'baseUrl' is missing in type") as string],
  ],
  [
    'a computed one set',
    "new LocalNpm(stack, 'a', { name: 'a' }).url = 'x';",
    ["Cannot assign to 'url' because it is a read-only property."],
  ],
  [
    'a front with a setting that its remote lacks',
    "new NpmFront(stack, 'f', { name: 'f', upstream: token, privateNames: ['@acme/'], remote: { mutableTtl: 1, banTags: ['x'] } });",
    [expect.stringContaining("'banTags' does not exist in type") as string],
  ],
  [
    'formats of client configuration',
    "new DockerFront(stack, 'f', { name: 'f', upstream: token }).clientConfig({ format: 'npmrc' });",
    ['Type \'"npmrc"\' is not assignable to type \'"containerd" | "registries_conf" | undefined\'.'],
  ],
  [
    'client configuration of files',
    "new LocalGeneric(stack, 'g', { name: 'g' }).clientConfig();",
    ["Property 'clientConfig' does not exist on type 'LocalGeneric'."],
  ],
  [
    'a header without value',
    "new ArtifactapiProvider(stack, 'p', { headers: [{ name: 'a' }] });",
    [expect.stringContaining('is not assignable to type') as string],
  ],
];

test.each(snippets)('the compiler on %s', (_, text, problems) => {
  expect(snippetProblems(join(folder, 'snippet.ts'), head + text)).toEqual(problems);
});

test('the same snippet compiles as an ESM module and for cdktn', () => {
  const text = "new RemoteNpm(stack, 'a', { name: 'a', baseUrl: token });";
  expect(snippetProblems(join(folder, 'snippet.mts'), head + text)).toEqual([]);
  const cdktn = head.replace("'cdktf'", "'cdktn'").replace('repoform/', 'repoform/cdktn/');
  expect(snippetProblems(join(folder, 'snippet-n.ts'), cdktn + text)).toEqual([]);
});

test('the declarations keep the doc comments', () => {
  const text = readFileSync(join(installed(), 'lib/cdktf/constructs/generated/artifactapi/remote-base.d.ts'), 'utf8');
  expect(text).toContain(
    '     * Seconds that files that never change stay cached; 0 caches them forever.\n     * @default 0\n     */\n    readonly immutableTtl?: number;',
  );
  const begin = text.indexOf('interface RemoteBaseConfig');
  const properties = text.slice(begin, text.indexOf('\n}\n', begin));
  expect(properties.match(/\/\*\*/g)?.length).toBe(properties.match(/^ {4}readonly /gm)?.length);
  const optional = properties.match(/^ {4}readonly \w+\?:/gm) ?? [];
  expect(properties.match(/@default/g)).toHaveLength(optional.length);
});
