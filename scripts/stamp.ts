import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What something is made of and where it is put, as files and folders, and the file that remembers both. */
export interface Making {
  readonly root: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly stamp: string;
}

/** Whether what was made is as it was left, and of the same inputs. */
export function isMade(making: Making): boolean {
  return existsSync(making.stamp) && readFileSync(making.stamp, 'utf8') === digests(making);
}

/** Remembers what was made. */
export function remember(making: Making): void {
  mkdirSync(dirname(making.stamp), { recursive: true });
  writeFileSync(making.stamp, digests(making));
}

const digests = ({ root, inputs, outputs }: Making): string => `${digest(root, inputs)} ${digest(root, outputs)}\n`;

/** Of the names, modes and contents of all files. */
function digest(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesOf(root, path)) {
      const content = readFileSync(join(root, file));
      hash.update(JSON.stringify([file, statSync(join(root, file)).mode, content.length])).update(content);
    }
  }
  return hash.digest('hex');
}

function filesOf(root: string, path: string): string[] {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesOf(root, join(path, name)));
}
