import { writeFileSync } from 'node:fs';
import { Failure } from './failure';

/** Writes what `--out` asks for. Throws if that is not possible. */
export function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new Failure(`${file} cannot be written: ${(cause as Error).message}`);
  }
}
