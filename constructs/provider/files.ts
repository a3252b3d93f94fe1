import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Writes a text, all or nothing; one that is there already is left alone. */
export function writeText(path: string, text: string): void {
  if (textOf(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  replace(path, (draft) => writeFileSync(draft, text));
}

/** The text of a file, or nothing when there is none. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

/** Makes `path` an executable with this content; one that is it already is left alone. */
export function placeExecutable(path: string, content: Buffer, twin?: string): void {
  if (sameExecutable(path, content)) return;
  mkdirSync(dirname(path), { recursive: true });
  replace(path, (draft) => {
    if (twin === undefined) writeFileSync(draft, content);
    else linkOrCopy(twin, draft);
    chmodSync(draft, 0o755);
  });
}

/** Why the system refuses to run a file that was placed as an executable, or nothing when it does not. */
export function executionProblem(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return `${path} cannot be run where it lies: the file system there is mounted noexec, or keeps no file modes, and Terraform will say "permission denied"`;
  }
}

function sameExecutable(path: string, content: Buffer): boolean {
  try {
    const { size, mode } = statSync(path);
    return size === content.length && (mode & 0o777) === 0o755 && readFileSync(path).equals(content);
  } catch {
    return false;
  }
}

/** A second name for a file saves space; some file systems have no such thing. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** A reader sees the old file or the new one, and a running executable is never written to. */
function replace(path: string, write: (draft: string) => void): void {
  const draft = `${path}.${process.pid}.new`;
  rmSync(draft, { force: true });
  try {
    write(draft);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
