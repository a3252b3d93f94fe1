import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMade, type Making, remember } from '../../scripts/stamp';

let root: string;
let making: Making;
const write = (file: string, text: string): void => writeFileSync(join(root, file), text);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'repoform-stamp-'));
  for (const folder of ['src/deep', 'dist']) mkdirSync(join(root, folder), { recursive: true });
  write('src/deep/a', 'a');
  write('package.json', '{}');
  write('dist/out', 'out');
  making = { root, inputs: ['src', 'package.json', 'absent'], outputs: ['dist'], stamp: join(root, '.made/stamp') };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('what was never made, or was not finished, is made', () => {
  expect(isMade(making)).toBe(false);
});

test('what is as it was left is not made again, also when its files are merely written again', () => {
  remember(making);
  expect(isMade(making)).toBe(true);
  write('src/deep/a', 'a');
  expect(isMade(making)).toBe(true);
});

test.each<[string, () => void]>([
  ['an input that changed', () => write('src/deep/a', 'b')],
  ['an input of another name', () => (rmSync(join(root, 'src/deep/a')), write('src/deep/b', 'a'))],
  ['an input that came', () => write('absent', '')],
  ['an output that changed', () => write('dist/out', 'in')],
  ['an output that is gone', () => rmSync(join(root, 'dist'), { recursive: true })],
  ['an output of nobody', () => write('dist/other', '')],
  ['an output that can be executed now', () => chmodSync(join(root, 'dist/out'), 0o755)],
])('%s makes it anew', (_, change) => {
  remember(making);
  change();
  expect(isMade(making)).toBe(false);
});
