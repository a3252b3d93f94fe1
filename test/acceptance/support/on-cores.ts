import { writeSync } from 'node:fs';
import { type CoreBinary, coresOf, labelOf } from './core-binary';
import { type Feature, lack } from './features';

/** What a test is called, and what it needs of a core. */
export interface Case {
  readonly name: string;
  readonly needs?: readonly Feature[];
}

let found: readonly CoreBinary[] | undefined;

/** Defines a test for every core that can run it; for the others a skipped one, and a line in the output that says why. */
export function onCores({ name, needs = [] }: Case, define: (title: string, core: CoreBinary) => void): void {
  for (const core of (found ??= coresOf(process.env))) {
    const reason = lack(core, needs);
    if (reason === undefined) define(`${name} on ${labelOf(core)}`, core);
    else skip(name, reason);
  }
}

function skip(name: string, reason: string): void {
  writeSync(process.stderr.fd, `skipped: ${reason}: ${name}\n`);
  test.skip(`${name}: ${reason}`, () => {});
}
