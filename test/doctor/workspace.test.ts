import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageHash } from '../../constructs/provider/bundle';
import type { ProviderPackage } from '../../constructs/provider/provider-package';
import { examine, type Check } from '../../src/doctor/finding';
import { core, node, proxy } from '../../src/doctor/machine';
import { variables } from '../../src/doctor/variables';
import { installation, packages, stateLocks } from '../../src/doctor/workspace';

let folder: string;
let provider: ProviderPackage;
const before = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-doctor-'));
  const executable = join(folder, 'terraform-provider-acme');
  writeFileSync(executable, 'provider');
  provider = { name: 'acme', version: '1.2.3', source: 'registry.terraform.io/acme/acme', executable, remedy: 'build it' };
  process.env['TF_CLI_CONFIG_FILE'] = join(folder, 'none');
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

const run = async (check: Check) =>
  (await examine(check, 10_000)).map((one) => [one.check, one.status, one.message.replaceAll(folder, '.')]);
const place = () => ({ folder, providers: [provider] });
function put(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const STACK = JSON.stringify({ terraform: { required_providers: { acme: { source: 'acme/acme', version: '1.2.3' } } } });
const HASH = packageHash('terraform-provider-acme_v1.2.3', Buffer.from('provider'));
const lock = (version: string, hash: string) =>
  `provider "registry.terraform.io/acme/acme" {\n  version = "${version}"\n  hashes = [\n    "${hash}",\n  ]\n}\n`;

describe('the provider of a stack', () => {
  const stack = 'cdktf.out/stacks/dev';
  beforeEach(() => put(`${stack}/cdk.tf.json`, STACK));

  test.each([
    ['locked as it is installed', lock('1.2.3', HASH), ['provider', 'ok', 'dev: acme 1.2.3 is installed with the stack']],
    ['not locked', '', ['provider', 'ok', 'dev: acme 1.2.3 is installed with the stack']],
    [
      'locked in another version',
      lock('1.0.0', HASH),
      ['lock-file', 'error', `dev: ./${stack}/.terraform.lock.hcl locks acme 1.0.0, but 1.2.3 is installed`],
    ],
    [
      'locked with another hash',
      lock('1.2.3', 'h1:other'),
      ['lock-file', 'error', `dev: ./${stack}/.terraform.lock.hcl has no hash of the installed acme 1.2.3, so init refuses it`],
    ],
  ])('is %s', async (_what, text, expected) => {
    put(`${stack}/.terraform.lock.hcl`, text);
    expect(await run(installation(place()))).toEqual([expected]);
  });

  test.each([
    ['lacks it', false, 'error'],
    ['has it', true, 'ok'],
  ])('is looked for in a mirror that %s', async (_what, has, status) => {
    put('rc', `provider_installation {\n  filesystem_mirror {\n    path = "${folder}/mirror"\n  }\n}\n`);
    process.env['TF_CLI_CONFIG_FILE'] = join(folder, 'rc');
    const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
    if (has) mkdirSync(join(folder, 'mirror/registry.terraform.io/acme/acme/1.2.3', platform), { recursive: true });
    const [[check, found, message] = []] = await run(installation(place()));
    expect([check, found]).toEqual(['provider', status]);
    expect(message).toContain('./rc');
  });

  test('is not looked at where no stack uses it', async () => {
    put(`${stack}/cdk.tf.json`, '{}');
    expect((await run(installation(place())))[0]?.slice(0, 2)).toEqual(['provider', 'skipped']);
  });

  test('is an error where it is not built', async () => {
    rmSync(provider.executable);
    expect(await run(installation(place()))).toEqual([
      ['provider', 'error', 'the provider executable ./terraform-provider-acme is missing; build it'],
    ]);
  });
});

describe('the packages of an app', () => {
  const install = (name: string, version: string) => put(`node_modules/${name}/package.json`, JSON.stringify({ name, version }));

  test('are not looked at without an app', async () => {
    expect((await run(packages(place())))[0]?.slice(0, 2)).toEqual(['packages', 'skipped']);
  });

  test('are told with their versions', async () => {
    put('cdktf.json', '{}');
    for (const [name, version] of Object.entries({ cdktn: '0.24.0', constructs: '10.0.0', repoform: '0.1.0' })) install(name, version);
    expect(await run(packages(place()))).toEqual([['packages', 'ok', 'cdktn 0.24.0, constructs 10.0.0, repoform 0.1.0']]);
  });

  test('that are missing are an error', async () => {
    put('cdktf.json', '{}');
    install('constructs', '10.0.0');
    expect(await run(packages(place()))).toEqual([['packages', 'error', 'the app cannot load cdktf, repoform']]);
  });
});

test('a lock that a run left behind tells who and since when', async () => {
  expect((await run(stateLocks(place())))[0]?.slice(0, 2)).toEqual(['state-lock', 'ok']);
  put(
    '.terraform.tfstate.lock.info',
    JSON.stringify({ ID: 'abc', Who: 'ci@runner', Created: '2026-01-01T00:00:00Z', Operation: 'OperationTypeApply' }),
  );
  const [finding] = await examine(stateLocks(place()), 1000);
  expect(finding).toEqual({
    check: 'state-lock',
    status: 'warning',
    message: `${folder}/.terraform.tfstate.lock.info: the state is locked by ci@runner since 2026-01-01T00:00:00Z (OperationTypeApply)`,
    fix: 'If nothing runs there, release it: terraform force-unlock abc',
  });
});

describe('the core', () => {
  test.each([
    ['Terraform v1.11.4\non linux_amd64', 'ok', /^Terraform 1\.11\.4 .*; 1\.14 adds list resources and actions$/],
    ['Terraform v1.14.0-rc1\n', 'ok', /^Terraform 1\.14\.0-rc1 \(\S+\)$/],
    ['OpenTofu v1.6.2\n', 'ok', /1\.7 adds provider functions, 1\.11 adds ephemeral/],
    ['OpenTofu v1.5.0\n', 'error', /older than 1\.6/],
    ['Terraform v0.15.5\n', 'error', /older than 1\.0/],
    ['hello', 'error', /does not print the version/],
  ])('that says %j', async (text, status, message) => {
    const binary = join(folder, 'core');
    writeFileSync(binary, `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`, { mode: 0o755 });
    expect(await run(core({ ...process.env, TERRAFORM_BINARY_NAME: binary }))).toEqual([['core', status, expect.stringMatching(message)]]);
  });

  test('that is not there', async () => {
    expect(await run(core({ PATH: folder }))).toEqual([
      ['core', 'error', expect.stringMatching(/^neither terraform nor tofu can be run: "tofu" was not/)],
    ]);
    const named = await run(core({ PATH: folder, TERRAFORM_BINARY_NAME: 'tf' }));
    expect(named).toEqual([['core', 'error', 'TERRAFORM_BINARY_NAME is "tf", which cannot be run: "tf" was not found']]);
  });

  test('that hangs is given up', async () => {
    const binary = join(folder, 'core');
    writeFileSync(binary, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const [finding] = await examine(core({ ...process.env, TERRAFORM_BINARY_NAME: binary }), 200);
    expect(finding?.status).toBe('error');
  });
});

test('the node that runs the provider is that of the PATH', async () => {
  expect(await run(node(process.env))).toEqual([['node', 'ok', `Node ${process.versions.node}`]]);
  expect((await run(node({ PATH: folder })))[0]?.slice(0, 2)).toEqual(['node', 'error']);
  writeFileSync(join(folder, 'node'), '#!/bin/sh\necho v18.1.0\n', { mode: 0o755 });
  cpSync('/bin/sh', join(folder, 'sh'));
  expect((await run(node({ PATH: folder })))[0]?.[2]).toContain('the node on the PATH is too old');
});

test('proxies are told without their passwords', async () => {
  const env = { HTTPS_PROXY: 'http://user:hush@proxy.example:3128', no_proxy: 'localhost' };
  expect(await run(proxy(env))).toEqual([
    ['proxy', 'ok', 'the environment sets HTTPS_PROXY http://proxy.example:3128, no_proxy localhost'],
  ]);
});

describe('variables without a default', () => {
  const stack = 'cdktf.out/stacks/dev';
  const declared = JSON.stringify({ variable: { password: { sensitive: true }, region: { default: 'eu' }, user: {} } });

  const unset = ['variables', 'warning', 'dev: no value is set for the variables password, user'];
  const set = ['variables', 'ok', 'dev: each variable has a value'];
  test.each([
    ['have no value', { env: {}, values: '' }, unset],
    [
      'have one value',
      { env: { TF_VAR_user: '' }, values: '' },
      ['variables', 'warning', 'dev: no value is set for the variable password'],
    ],
    ['have values in the environment and a file', { env: { TF_VAR_password: 'x' }, values: '# all\nuser = "me"' }, set],
    ['have values in a file as JSON', { env: {}, values: '{"user": "me", "password": "x"}' }, set],
    ['have a file that cannot be read', { env: {}, values: '{' }, unset],
  ])('%s', async (_what, { env, values }, expected) => {
    put(`${stack}/cdk.tf.json`, declared);
    if (values) put(`${stack}/values.auto.tfvars${values.startsWith('{') ? '.json' : ''}`, values);
    expect(await run(variables({ folder, env }))).toEqual([expected]);
  });

  test('are found in HCL', async () => {
    put('main.tf', 'variable "token" {\n  type = string\n}\nvariable "zone" {\n  default = null\n}\n');
    const [[, status, message] = []] = await run(variables({ folder, env: {} }));
    expect([status, message]).toEqual(['warning', expect.stringMatching(/: no value is set for the variable token$/)]);
  });

  test('are none', async () =>
    expect(await run(variables({ folder, env: {} }))).toEqual([['variables', 'ok', 'no variable needs a value']]));
});
