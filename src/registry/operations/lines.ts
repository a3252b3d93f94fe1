import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../store/make-folder';
import { reasonOf } from '../errors';
import { type Logger } from '../logger';

const BUFFERED = 8 << 10;
const FLUSH_MS = 250;
/** What is kept while nothing can be written, in bytes; later lines are lost. */
const KEPT = 4 << 20;
const CLOSE_MS = 1000;
/** It has the addresses of clients. */
const MODE = 0o640;

/** Where lines go. */
export interface Lines {
  write(line: string): void;
  /** Opens the file anew, after a program that rotates logs has renamed it. */
  reopen(): void;
  close(): Promise<void>;
}

/** Opens a file for lines, or the standard output for `-`; they are written in batches. Throws when it cannot be opened. */
export async function openLines(path: string, logger: Logger): Promise<Lines> {
  if (path !== '-') probe(path);
  const { SonicBoom } = await import('sonic-boom');
  const target = path === '-' ? { fd: 1 } : { dest: path, append: true, mode: MODE };
  const stream = new SonicBoom({ ...target, minLength: BUFFERED, maxLength: KEPT, periodicFlush: FLUSH_MS, sync: false });
  let isBroken = false;
  stream.on('error', (cause: Error) => {
    if (!isBroken) logger.error('the access log cannot be written', { path, reason: reasonOf(cause) });
    isBroken = true;
  });
  stream.on('write', () => (isBroken = false));
  return {
    write: (line) => void stream.write(`${line}\n`),
    reopen: () => path !== '-' && stream.reopen(),
    close: () =>
      new Promise((resolve) => {
        setTimeout(resolve, CLOSE_MS).unref();
        stream.once('close', resolve);
        stream.end();
      }),
  };
}

/** Throws if a file cannot be written, before anything depends on it. */
function probe(path: string): void {
  try {
    makeFolder(dirname(path));
    closeSync(openSync(path, 'a', MODE));
  } catch (cause) {
    throw new Error(`the access log cannot be written: ${reasonOf(cause)}`);
  }
}
