import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveDebug } from '../../src/protocol/serve-debug';
import { bundle } from '../support/bundle';
import { createMemoryProvider } from './fixture/memory-provider';

const SOURCE = 'registry.terraform.io/acme/shelf';
const CONFIG = `
terraform {
  required_providers {
    shelf = { source = "acme/shelf", version = "1.0.0" }
  }
}
provider "shelf" { prefix = "b-" }
resource "shelf_book" "emma" {
  title   = "Emma"
  pages   = 474
  authors = [{ name = "Jane Austen" }, { name = "é" }]
}
data "shelf_label" "all" {}
output "id" { value = shelf_book.emma.id }
output "label" { value = data.shelf_label.all.text }
output "loud" { value = provider::shelf::shout("hi") }
output "same" { value = provider::shelf::same({ a = [1, "x"], b = null }) }
`;
const folder = mkdtempSync(join(tmpdir(), 'terraform-'));
const platform = `${{ win32: 'windows' }[process.platform as string] ?? process.platform}_${{ x64: 'amd64' }[process.arch as string] ?? process.arch}`;

beforeAll(() => {
  const mirror = join(folder, 'terraform.d/plugins', SOURCE, '1.0.0', platform);
  mkdirSync(mirror, { recursive: true });
  bundle(join(__dirname, 'fixture/main.ts'), join(mirror, 'terraform-provider-shelf_v1.0.0'));
  writeFileSync(join(folder, 'main.tf'), CONFIG);
  writeFileSync(join(folder, 'cli.tfrc'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

function terraform(args: readonly string[], env: NodeJS.ProcessEnv = {}): { readonly status: number | null; readonly text: string } {
  const settings = {
    ...process.env,
    TF_CLI_CONFIG_FILE: join(folder, 'cli.tfrc'),
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    NO_COLOR: '1',
    ...env,
  };
  const { status, stdout, stderr } = spawnSync('terraform', [...args], { cwd: folder, env: settings, encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

test('terraform plans, applies, finds no change and destroys, and waits for nothing', () => {
  expect(terraform(['init'])).toMatchObject({ status: 0 });
  expect(terraform(['validate'])).toMatchObject({ status: 0 });
  const log = join(folder, 'plan.log');
  const plan = terraform(['plan', '-detailed-exitcode'], { TF_LOG: 'trace', TF_LOG_PATH: log });
  expect(plan).toMatchObject({ status: 2 });
  expect(plan.text).toContain('1 to add, 0 to change, 0 to destroy');
  expect(readFileSync(log, 'utf8')).not.toMatch(/plugin failed to exit gracefully|error closing client during Kill|panic/);
  expect(terraform(['apply', '-auto-approve'])).toMatchObject({ status: 0 });
  const outputs = JSON.parse(terraform(['output', '-json']).text) as Record<string, { value: unknown }>;
  expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
    id: 'b-Emma',
    label: 'fiction',
    loud: 'HI',
    same: { a: [1, 'x'], b: null },
  });
  expect(terraform(['plan', '-detailed-exitcode'])).toMatchObject({ status: 0 });
  writeFileSync(join(folder, 'main.tf'), CONFIG.replace('title   = "Emma"', 'title   = ""'));
  const invalid = terraform(['validate']);
  expect(invalid.status).toBe(1);
  expect(invalid.text).toMatch(/Empty Title[\s\S]*main\.tf line 9[\s\S]*Give the book a title\./);
  writeFileSync(join(folder, 'main.tf'), CONFIG);
  expect(terraform(['destroy', '-auto-approve']).text).toContain('Destroy complete! Resources: 1 destroyed.');
});

test('terraform attaches to a provider in debug mode', async () => {
  const server = await serveDebug({ addresses: [SOURCE], load: createMemoryProvider, print: () => {} });
  const child = spawn('terraform', ['plan', '-detailed-exitcode'], {
    cwd: folder,
    env: { ...process.env, TF_CLI_CONFIG_FILE: join(folder, 'cli.tfrc'), TF_REATTACH_PROVIDERS: server.reattach, CHECKPOINT_DISABLE: '1' },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  const status = await new Promise((resolve) => child.once('close', resolve));
  server.close();
  expect([status, text]).toEqual([2, expect.stringContaining('1 to add')]);
});
