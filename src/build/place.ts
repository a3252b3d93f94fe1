import type * as esbuild from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as typescript from 'typescript';

/** A problem that the author of a provider can fix; one sentence that says what to do. */
export class BuildProblem extends Error {
  /** @param details lines that follow the sentence, such as those of the compiler */
  constructor(
    message: string,
    readonly details = '',
  ) {
    super(message);
  }
}

/** An npm package that a provider is built in. */
export interface Place {
  readonly folder: string;
  /** Its name on npm, e.g. `@acme/terraform`. */
  readonly name: string;
  readonly version: string;
  /** The module that exports the definition. */
  readonly entry: string;
  /** Tools of the package itself. */
  readonly esbuild: typeof esbuild;
  readonly typescript: typeof typescript;
  /** The core that the constructs are compiled against; they are written for both. */
  readonly core: 'cdktf' | 'cdktn';
}

/** Inspects the package in a folder. Throws a `BuildProblem` if something is missing. */
export function placeOf(folder: string, entry: string): Place {
  const file = join(folder, 'package.json');
  if (!existsSync(file))
    throw new BuildProblem(
      `there is no package.json in ${folder}; run this in the package of the provider; "repoform provider new" creates one`,
    );
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string; readonly version?: string };
  if (!name || !version) throw new BuildProblem(`${file} has no "name" or no "version"; constructs and docs need both`);
  const path = join(folder, entry);
  if (!existsSync(path)) throw new BuildProblem(`there is no ${path}; write the definition there, or name its file with --entry`);
  const own = createRequire(file);
  const tool = (wanted: string): unknown => {
    try {
      return own(wanted);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
      throw new BuildProblem(`${wanted} is not installed in ${folder}; run "npm install --save-dev esbuild typescript" there`);
    }
  };
  const core = (['cdktf', 'cdktn'] as const).find((candidate) => canResolve(own, candidate));
  if (!core || !canResolve(own, 'constructs'))
    throw new BuildProblem(
      `neither cdktf nor cdktn is installed in ${folder}, or constructs is not; run "npm install --save-dev cdktf constructs@~10.7.0" there`,
    );
  return {
    folder,
    name,
    version,
    entry: path,
    core,
    esbuild: tool('esbuild') as typeof esbuild,
    typescript: tool('typescript') as typeof typescript,
  };
}

function canResolve({ resolve }: NodeJS.Require, name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch {
    return false;
  }
}
