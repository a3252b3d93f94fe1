import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../../constructs/base/package';
import type * as library from '../../library';
import { Failure } from '../failure';

interface Options {
  readonly dir: string;
  readonly entry: string;
}

/** `repoform provider build`: builds everything that users need from a team's definitions. */
export function providerBuildCommand(): Command {
  return new Command('build')
    .summary('build a provider of your own: executable, constructs, docs and schema')
    .description(
      'Type-checks and builds the provider that a package defines with "repoform/provider": the executable (dist), the constructs for cdktf and cdktn (lib), the docs pages (docs) and the schema (schema.json). It uses the esbuild and the typescript of that package.',
    )
    .helpOption('-h, --help', 'print this help')
    .option('--dir <dir>', 'the folder of the package', '.')
    .option('--entry <file>', 'the file in it that exports the provider by default', 'src/provider.ts')
    .action(async ({ dir, entry }: Options) => {
      const { build } = loadLibrary();
      const { name, version, source, paths } = await build.buildPackage({
        folder: resolve(dir),
        entry,
        runtime: join(packageRoot(), 'lib/provider/runtime'),
      });
      process.stdout.write(`Built the provider ${name} ${version} (${source}):
  ${paths.executable}   the executable
  ${paths.constructs}/cdktf, ${paths.constructs}/cdktn   the constructs
  ${paths.docs}   the docs pages
  ${paths.schema}   the schema, as "terraform providers schema -json" prints it
For plain HCL, install the executable with "npx repoform provider install --package ${dir} --dir ./mirror".
`);
    });
}

/** What works with definitions; it lies in a file of its own, since definitions have to use the same. */
function loadLibrary(): typeof library {
  const file = join(packageRoot(), 'lib/provider/library.js');
  if (!existsSync(file))
    throw new Failure(`${file} is missing; install the package again, or run "npm run build" in the source tree of repoform`);
  return createRequire(file)(file) as typeof library;
}
