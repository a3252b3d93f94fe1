import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The folder that `.ci/clients` installs into. */
export const TOOLS = process.env['TOOLS'] ?? join(homedir(), '.cache', 'repoform-tools');
const folders = [join(TOOLS, 'bin'), join(TOOLS, 'venv', 'bin'), ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];

/** Where a client is; undefined if it is not installed. */
export function clientPath(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
}

/** Describes what a real client does; says so where it is not installed, and fails there in CI, which installs it by `.ci/clients`. */
export function describeClient(name: string, tests: (run: Run) => void): void {
  const path = clientPath(name);
  if (path) describe(name, () => tests((args, options) => execute(path, args, options)));
  else if (process.env['REPOFORM_CLIENTS'] === 'required') test(`${name} is installed`, () => fail(`${name} is missing; run .ci/clients`));
  else
    describe.skip(`${name} (not installed here; .ci/clients installs it)`, () => tests(() => Promise.reject(new Error('not installed'))));
}

/** Runs a client. */
export type Run = (args: readonly string[], options?: { cwd?: string; env?: Record<string, string> }) => Promise<string>;

function execute(
  file: string,
  args: readonly string[],
  { cwd, env }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  // Nothing of the machine's own configuration decides what a client does here.
  const { PATH = '' } = process.env;
  return new Promise((resolve, reject) => {
    execFile(file, [...args], { cwd, env: { PATH, ...env }, maxBuffer: 64 << 20 }, (failure, stdout, stderr) => {
      if (failure) reject(new Error(`${args.join(' ')}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

function fail(message: string): never {
  throw new Error(message);
}
