import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { locate, stackFile } from '../../src/plans/locate';
import { findCore } from '../../src/plans/core';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'repoform-locate-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lay(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const modules = ['hashicorp/consul/aws', './modules/a', { name: 'b', source: '../b' }];
const context = { excludeStackIdFromLogicalIds: 'true' };
const targetVersions = { terraform: '>=1.11.0' };
const app = { 'cdktf.json': JSON.stringify({ app: 'npx tsx main.ts', terraformModules: modules, context, targetVersions }) };
/** What an app says that it wrote. */
const manifest = (...names: string[]): string =>
  JSON.stringify({
    version: '0.21.0',
    stacks: Object.fromEntries(names.map((name) => [name, { name, workingDirectory: `stacks/${name}` }])),
  });

const at = (name: string): string => join(folder, name);

test('an app, a stack of it, its output and one stack of that are told apart', () => {
  lay({
    ...app,
    'cdktf.out/manifest.json': manifest('b', 'a'),
    'cdktf.out/stacks/removed/cdk.tf.json': '{}',
    'cdktf.out/stacks/b/cdk.tf.json': '{}',
    'cdktf.out/stacks/a/cdk.tf.json': '{}',
    'registry/index.ts': '',
  });
  const whole = {
    kind: 'app',
    folder,
    app: 'npx tsx main.ts',
    output: at('cdktf.out'),
    context: { ...context, targetVersions },
    modules: ['./modules/a', '../b'],
  };
  expect(locate({}, folder)).toEqual(whole);
  expect(locate({ given: 'b' }, folder)).toEqual({ ...whole, stack: 'b' });
  // A folder of the name of a stack, with something else in it.
  expect(locate({ given: 'registry' }, folder)).toEqual({ ...whole, stack: 'registry' });
  expect(locate({ given: 'a', folder: '.' }, folder)).toEqual({ ...whole, stack: 'a' });
  expect(locate({ given: 'cdktf.out' }, folder)).toEqual({ kind: 'stacks', folders: [at('cdktf.out/stacks/a'), at('cdktf.out/stacks/b')] });
  expect(locate({ given: 'cdktf.out/stacks/b' }, folder)).toEqual({ kind: 'stacks', folders: [at('cdktf.out/stacks/b')] });
});

test('stacks that were synthesized as HCL are not taken for none', () => {
  lay({ 'cdktf.out/manifest.json': manifest('a', 'gone'), 'cdktf.out/stacks/a/cdk.tf': '' });
  expect(locate({ given: 'cdktf.out' }, folder)).toEqual({ kind: 'stacks', folders: [at('cdktf.out/stacks/a')] });
  expect(locate({ given: 'cdktf.out/stacks/a' }, folder)).toEqual({ kind: 'configuration', folder: at('cdktf.out/stacks/a') });
  expect(() => stackFile(at('cdktf.out/stacks/a'))).toThrow(
    /cdk\.tf is in HCL and cannot be read; synthesize without --hcl \(hclOutput\), or name /,
  );
});

test('saved plans are known by their content, and read where they were made', () => {
  lay({
    'live/.terraform/x': '',
    'live/main.tf': '',
    'live/plan': 'PK\u0003\u0004',
    plan: 'PK\u0003\u0004',
    'plan.json': ' {"format_version":"1.2"}',
    sealed: '{"meta":{},"encrypted_data":"x"}',
  });
  expect(locate({ given: 'live/plan' }, folder)).toEqual({ kind: 'saved', path: at('live/plan'), folder: at('live') });
  expect(locate({ given: '../plan' }, at('live'))).toEqual({ kind: 'saved', path: at('plan'), folder: at('live') });
  expect(locate({ given: 'plan', folder: 'live' }, folder)).toEqual({ kind: 'saved', path: at('plan'), folder: at('live') });
  expect(locate({ given: 'sealed' }, folder)).toMatchObject({ kind: 'saved', path: at('sealed') });
  expect(locate({ given: 'plan.json' }, folder)).toEqual({ kind: 'json', text: ' {"format_version":"1.2"}', name: 'plan.json' });
  expect(locate({ given: 'live' }, folder)).toEqual({ kind: 'configuration', folder: at('live') });
});

test.each([
  [{}, {}, /has neither a CDK app \(cdktf\.json\), nor a synthesized stack/],
  [{}, { given: 'registry' }, /there is no file or folder "registry", and no app/],
  [{}, { folder: 'nowhere' }, /there is no folder nowhere/],
  [{ 'x/readme.md': '' }, { given: 'x' }, /^x has neither a CDK app/],
  [{ 'cdktf.json': '{' }, {}, /cdktf\.json is not valid JSON; correct it/],
  [{ 'cdktf.json': '{}' }, {}, /cdktf\.json has no "app"/],
])('what has no plan is an error: %j %j', (files, named, message) => {
  lay(files as Record<string, string>);
  expect(() => locate(named, folder)).toThrow(message);
});

test('the core is the one given, the one of the CDK, or what is on the PATH', () => {
  const files = ['bin/tofu', 'other/terraform'];
  lay(Object.fromEntries(files.map((name) => [name, '#!/bin/sh\n'])));
  for (const name of files) chmodSync(at(name), 0o755);
  expect(findCore(undefined, { PATH: at('bin') })).toBe('tofu');
  expect(findCore(undefined, { PATH: `${at('bin')}:${at('other')}` })).toBe('terraform');
  expect(findCore(undefined, { PATH: at('other'), TERRAFORM_BINARY_NAME: at('bin/tofu') })).toBe(at('bin/tofu'));
  expect(findCore(at('other/terraform'), { TERRAFORM_BINARY_NAME: 'tofu' })).toBe(at('other/terraform'));
  expect(() => findCore(undefined, { PATH: '' })).toThrow('neither "terraform" nor "tofu" is on the PATH');
  expect(() => findCore('terraform-9', { PATH: at('bin') })).toThrow(
    '"terraform-9" is not an executable; name a Terraform or OpenTofu binary',
  );
  expect(() => findCore(undefined, { PATH: at('bin'), TERRAFORM_BINARY_NAME: 'x' })).toThrow(
    '"x" (TERRAFORM_BINARY_NAME) is not an executable',
  );
});
