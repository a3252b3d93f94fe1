import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coresOf, labelOf } from '../acceptance/support/core-binary';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'repoform-cores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cores = coresOf(process.env).map((core) => [labelOf(core), core.path] as const);

const main = `
import { App, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalPypi, RemoteGeneric } from 'repoform/artifactapi';
import { suppressRule } from 'repoform/checks';

const app = new App();
const stack = new TerraformStack(app, 'registry');
new ArtifactapiProvider(stack, 'provider', { endpoint: 'http://127.0.0.1:9', insecureSkipVerify: true, maxRetries: 0 });
new LocalPypi(stack, 'internal', { name: 'internal', forceDestroy: true });
new RemoteGeneric(stack, 'mirror', { name: 'mirror', baseUrl: 'https://files.example.com' });
suppressRule(stack, 'tls-verification-off', 'a test');
suppressRule(stack, 'force-destroy', 'a test');
app.synth();
`;

function run(command: string, args: readonly string[], cwd: string) {
  const env = { PATH: process.env['PATH'], HOME: folder, CHECKPOINT_DISABLE: '1' };
  return spawnSync(command, args, { cwd, encoding: 'utf8', env });
}

const tsx = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs')];
const stack = join(folder, 'cdktf.out/stacks/registry');

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['cdktf', 'constructs']) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  symlinkSync(root, join(folder, 'node_modules/repoform'));
  writeFileSync(join(folder, 'main.ts'), main);
  expect(run(process.execPath, [...tsx, 'main.ts'], folder).stderr).toBe('');
});

describe.each(cores)('%s', (_label, core) => {
  test('accepts suppressions in a stack, and its saved plan is checked with them and with positions', () => {
    rmSync(join(stack, '.terraform'), { recursive: true, force: true });
    for (const args of [['init', '-input=false'], ['validate'], ['plan', '-refresh=false', '-input=false', '-out=saved.plan']])
      expect(run(core, args, stack)).toMatchObject({ status: 0 });
    const command = [...tsx, join(root, 'src/cli/main.ts'), 'check', join(stack, 'saved.plan'), '--core-binary', core, '--show-suppressed'];
    const { status, stdout, stderr } = run(process.execPath, command, folder);
    expect(stderr).toBe('');
    expect([status, stdout.match(/^\S+:\d+ (?:error|warning|note) .*$/gm)]).toEqual([
      0,
      [
        'main.ts:10:1 warning open-proxy',
        'main.ts:9:1 warning force-destroy (suppressed)',
        'main.ts:8:1 error tls-verification-off (suppressed)',
      ],
    ]);
  });

  test('a saved plan of another core, or what is none, is a line and status 2', () => {
    writeFileSync(join(stack, 'broken.plan'), 'PK\u0003\u0004 nothing');
    const command = [...tsx, join(root, 'src/cli/main.ts'), 'check', join(stack, 'broken.plan'), '--core-binary', core];
    const { status, stderr } = run(process.execPath, command, folder);
    expect([status, stderr.split('\n')[0]]).toEqual([2, expect.stringMatching(/^repoform: .* show" cannot read the plan .*broken\.plan/)]);
  });
});
