import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards, tempFolder } from './helpers';

/** Fails in CI, which may mount file systems, and is skipped elsewhere if this user may not. */
export const testDisk = process.env['REPOFORM_CLIENTS'] === 'required' || mayMount() ? test : test.skip;

/** A file system of 12 MB of its own. */
export function smallDisk(): string {
  const folder = tempFolder();
  const problem = mount(folder);
  if (problem !== undefined) throw new Error(`a full disk cannot be had, as no file system may be mounted: ${problem}`);
  afterwards(() => void spawnSync('umount', [folder]));
  return folder;
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-mount-'));
  const isMounted = mount(folder) === undefined;
  if (isMounted) spawnSync('umount', [folder]);
  rmdirSync(folder);
  return isMounted;
}

/** Answers why it cannot. */
function mount(folder: string): string | undefined {
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder], { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
