import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './support/command';
import { coreAt, coresOf, defaultHost, labelOf, machineCore, VARIABLE } from './support/core-binary';
import { cleanEnvironment, root } from './support/environment';
import { lack } from './support/features';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-cores-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A core that says what it is by itself, and leaves all work to the real one. */
function wrapper(name: string, said?: { readonly product: string; readonly version: string }): string {
  const file = join(folder, name);
  const answers = said
    ? `case "$*" in\n"version -json") echo '{"terraform_version":"${said.version}"}'; exit;;\nversion) echo '${said.product} v${said.version}'; exit;;\nesac\n`
    : '';
  writeFileSync(file, `#!/bin/sh\n${answers}echo "$1" >> '${file}.log'\nexec terraform "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

const log = (core: string): string => (existsSync(`${core}.log`) ? readFileSync(`${core}.log`, 'utf8') : '');

test('the suite runs on every core that is named, and what one cannot do is skipped with the reason in the output', async () => {
  const [same, old] = [wrapper('same'), wrapper('old', { product: 'Terraform', version: '1.7.5' })];
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), 'test/acceptance/data-sources', '--verbose', '-t', 'functions compute'];
  const result = await run(process.execPath, jest, {
    cwd: root,
    env: cleanEnvironment(folder, { [VARIABLE]: [same, old].join(delimiter) }),
  });
  const name = 'functions compute without a server (strict registry)';
  expect(result).toMatchObject({ status: 0 });
  expect(result.text).toContain(`skipped: Terraform 1.7.5 has no provider functions (since Terraform 1.8): ${name}\n`);
  expect(result.text.match(new RegExp(`✓ ${name.replace(/[()]/g, '\\$&')} on `, 'g'))).toHaveLength(2);
  expect(result.text).toMatch(/^Tests: +\d+ skipped, 2 passed/m);
  expect(log(same)).toContain('apply\n');
  expect(log(old)).toBe('');
}, 120_000);

test('the machine comes first, then the cores in their order', () => {
  const tofu = wrapper('tofu', { product: 'OpenTofu', version: '1.12.0-rc1' });
  const cores = coresOf({ ...process.env, [VARIABLE]: `${tofu}${delimiter}` });
  expect(cores).toEqual([machineCore(), { path: tofu, product: 'OpenTofu', version: '1.12.0-rc1' }]);
  expect(cores.map(defaultHost)).toEqual(['registry.terraform.io', 'registry.opentofu.org']);
  expect(coresOf({ PATH: process.env['PATH'] })).toEqual([machineCore()]);
});

test('a core is tried on what its version can', () => {
  const core = (product: 'Terraform' | 'OpenTofu', version: string) => ({ path: '', product, version });
  expect(lack(core('Terraform', '1.11.0'), ['write-only attributes', 'ephemeral values'])).toBeUndefined();
  expect(lack(core('OpenTofu', '1.12.0-rc1'), ['import by identity'])).toBeUndefined();
  expect(lack(core('OpenTofu', '1.9.4'), ['provider functions', 'moves across resource types', 'ephemeral values'])).toBe(
    'OpenTofu 1.9.4 has no moves across resource types (since OpenTofu 1.10), no ephemeral values (since OpenTofu 1.11)',
  );
  expect(lack(core('Terraform', '1.11.4'), ['import by identity'])).toBe(
    'Terraform 1.11.4 has no import by identity (since Terraform 1.12)',
  );
  expect(lack(core('OpenTofu', '1.12.6'), ['list resources'])).toBe('OpenTofu 1.12.6 has no list resources (no OpenTofu has)');
  expect(labelOf(core('OpenTofu', '1.12.6'))).toBe('OpenTofu 1.12.6');
});

test('what is no core is told of', () => {
  const missing = join(folder, 'missing');
  expect(() => coreAt(missing, process.env)).toThrow(`"${missing} version -json" does not tell a version (spawnSync ${missing} ENOENT)`);
  writeFileSync(missing, '#!/bin/sh\necho "{}"\n', { mode: 0o755 });
  expect(() => coreAt(missing, process.env)).toThrow(
    '(its answer has no terraform_version); REPOFORM_CORES and the PATH have to name working cores',
  );
});
