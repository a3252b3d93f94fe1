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

/** Writes a file atomically, unless it has that text already. */
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

/** Makes `path` an executable with this content, unless it is already. */
export function placeExecutable(path: string, content: Buffer, twin?: string): void {
  if (sameExecutable(path, content)) return;
  mkdirSync(dirname(path), { recursive: true });
  replace(path, (draft) => {
    if (twin === undefined) writeFileSync(draft, content);
    else linkOrCopy(twin, draft);
    chmodSync(draft, 0o755);
  });
}

/** Why the system refuses to run an executable, or nothing when it does not. */
export function executionProblem(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return `${path} cannot be run there: the file system is mounted noexec or does not keep file modes, so Terraform will fail with "permission denied"`;
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

/** A hard link saves space; some file systems do not support them. */
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
