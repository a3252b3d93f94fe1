import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAddress } from '../../../constructs/provider/address';
import { providerInstallation, type Surroundings } from '../../../constructs/provider/cli-config';
import { parseHclBlocks } from '../../../constructs/provider/hcl-blocks';
import { installationProblem } from '../../../constructs/provider/installation';
import { hostPlatform } from '../../../constructs/provider/platforms';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'repoform-home-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const put = (path: string, text: string): string => {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
};
const around = (env: Surroundings['env'] = {}, system = 'linux'): Surroundings => ({ env, home, system });
const installs = 'provider_installation {\n  direct {}\n}\n';

const places: readonly (readonly [string, string, Surroundings['env'], string, boolean])[] = [
  ['the file in the home folder', '.terraformrc', {}, 'linux', true],
  ['a file in the configuration folder', '.terraform.d/mirror.tfrc', {}, 'linux', true],
  ['a file of another name there', '.terraform.d/mirror.hcl', {}, 'linux', false],
  ['the file in the home folder when the variable names another', '.terraformrc', { TF_CLI_CONFIG_FILE: '/nowhere/rc' }, 'linux', false],
  ['the file for OpenTofu, for Terraform', '.tofurc', {}, 'linux', false],
  ['the file for OpenTofu, for OpenTofu', '.tofurc', { TERRAFORM_BINARY_NAME: '/usr/bin/tofu' }, 'linux', true],
  ['the file for Terraform, for OpenTofu', '.terraformrc', { TERRAFORM_BINARY_NAME: 'tofu' }, 'linux', true],
  ['the file of Windows', 'terraform.rc', {}, 'win32', true],
  ['the file of Linux on Windows', '.terraformrc', {}, 'win32', false],
];

test.each(places)('%s', (...row) => {
  const [, path, env, system, found] = row;
  const file = put(path, installs);
  expect(providerInstallation(around(env, system))?.file).toBe(found ? file : undefined);
});

test('the file of OpenTofu in the XDG folder, and the file that a variable names', () => {
  const xdg = put('xdg/opentofu/tofurc', installs);
  expect(providerInstallation(around({ TERRAFORM_BINARY_NAME: 'tofu', XDG_CONFIG_HOME: join(home, 'xdg') }))?.file).toBe(xdg);
  const named = put('other/rc', installs);
  expect(providerInstallation(around({ TF_CLI_CONFIG_FILE: named }))?.file).toBe(named);
});

const texts: readonly (readonly [string, string, boolean])[] = [
  ['a block', installs, true],
  ['nothing', '', false],
  [
    'other settings',
    'plugin_cache_dir = "/x"\ndisable_checkpoint = true\ncredentials "app.terraform.io" {\n  token = "provider_installation {"\n}\n',
    false,
  ],
  ['a comment with #', '# provider_installation {\n# }\n', false],
  ['a comment with //', '// provider_installation { }\n', false],
  ['a long comment', '/*\nprovider_installation {\n}\n*/\n', false],
  ['a block after other settings', `credentials "a" {\n token = "b\\"}"\n}\nhost "x" { services = { "a" = "b" } }\n${installs}`, true],
  ['JSON', '{ "provider_installation": { "direct": {} } }', true],
  ['JSON with a list', '{ "provider_installation": [{ "direct": [{}] }] }', true],
  ['other JSON', '{ "plugin_cache_dir": "provider_installation" }', false],
  ['broken JSON', '{ "provider_installation": ', false],
];

test.each(texts)('%s', (_, text, found) => {
  put('.terraformrc', text);
  expect(providerInstallation(around()) !== undefined).toBe(found);
});

const ours = `registry.terraform.io/repoform/artifactapi`;
const unpacked = `mirror/${ours}/1.2.0/${hostPlatform()}/terraform-provider-artifactapi_v1.2.0`;
const packed = `mirror/${ours}/terraform-provider-artifactapi_1.2.0_${hostPlatform()}.zip`;
const mirror = (more = ''): string => `filesystem_mirror {\n path = "HOME/mirror"\n ${more}\n}\n`;

const installations: readonly (readonly [string, string, string | undefined, string | undefined])[] = [
  ['only a registry', 'direct {}', undefined, '--dir FOLDER'],
  ['a mirror without it', mirror(), undefined, '--dir HOME/mirror'],
  ['a mirror with another version', mirror(), unpacked.replaceAll('1.2.0', '1.1.0'), '--dir HOME/mirror'],
  ['a mirror with it, unpacked', mirror(), unpacked, undefined],
  ['a mirror with it, packed', mirror(), packed, undefined],
  ['a mirror for it alone', mirror('include = ["repoform/*"]'), unpacked, undefined],
  ['a mirror for others', mirror('include = ["registry.terraform.io/hashicorp/*", "example.com/*/*"]'), unpacked, '--dir FOLDER'],
  ['a mirror for all but it', mirror('exclude = ["registry.terraform.io/repoform/artifactapi"]'), unpacked, '--dir FOLDER'],
  ['two mirrors, the second with it', 'filesystem_mirror {\n path = "/nowhere"\n}\n' + mirror() + 'direct {}', unpacked, undefined],
  ['a network mirror', 'network_mirror {\n url = "https://example.com/"\n}', undefined, '--dir FOLDER'],
  ['a development build', 'dev_overrides {\n "repoform/artifactapi" = "/somewhere"\n}\ndirect {}', undefined, undefined],
  ['the folder of the stack', 'filesystem_mirror {\n path = "mirror"\n}', unpacked, undefined],
];

test.each(installations)('installing from %s', (...row) => {
  const [, inner, present, hint] = row;
  if (present !== undefined) put(present, '');
  const file = put('.terraformrc', `provider_installation {\n${inner.replaceAll('HOME', home)}\n}\n`);
  const installation = providerInstallation(around());
  const wanted = { address: parseAddress(ours), version: '1.2.0', workingDirectory: home };
  const problem = installation && installationProblem(installation, wanted);
  if (hint === undefined) expect(problem).toBeUndefined();
  else {
    expect(problem).toContain(`${file} has a provider_installation block`);
    expect(problem).toContain(`"npx repoform provider install ${hint.replaceAll('HOME', home)}"`);
    expect(problem).toContain('installLocally: false');
  }
});

test('installing the provider of another package names that package', () => {
  put('.terraformrc', 'provider_installation {\n network_mirror {\n url = "https://example.com/"\n}\n}\n');
  const target = { address: parseAddress('acme/acme'), version: '1.2.0', workingDirectory: home, npmPackage: '@acme/terraform' };
  const installation = providerInstallation(around());
  expect(installation && installationProblem(installation, target)).toContain(
    '"npx repoform provider install --package @acme/terraform --dir FOLDER"',
  );
});

test('blocks, lists and objects are read', () => {
  expect(parseHclBlocks('a = 1 # x\nb "l" {\n c = ["x", "y\\n",]\n}\nd = { e = true }')).toEqual({
    attributes: { a: '1', d: { attributes: { e: 'true' }, blocks: [] } },
    blocks: [
      { type: 'b', body: { attributes: { c: ['x', 'y\n'] }, blocks: [] } },
      { type: 'd', body: { attributes: { e: 'true' }, blocks: [] } },
    ],
  });
});
