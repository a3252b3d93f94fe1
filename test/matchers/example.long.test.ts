import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'repoform-example-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the example passes with the built library, types included', () => {
  cpSync(join(root, 'examples/testing'), folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  for (const name of ['cdktf', 'constructs', 'jest', 'ts-jest', 'typescript', '@types/jest', '@types/node'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  symlinkSync(root, join(folder, 'node_modules/repoform'));
  const { status, stderr } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', '--ci'], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toMatch(/Tests: +4 passed, 4 total/);
  expect(status).toBe(0);
}, 240_000);
