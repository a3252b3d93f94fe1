import { Command, InvalidArgumentError } from 'commander';
import { providersWithFiles } from '../../resources/names';

/** The options of `repoform copy-files`. */
export interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly replace?: boolean;
  readonly parallel: number;
  readonly dryRun?: boolean;
}

/** `repoform copy-files`: copies the files of one server's repositories to another. */
export function copyFilesCommand(): Command {
  return new Command('copy-files')
    .summary('copy the files in repositories from one server to another')
    .description(
      'Copies the files in the repositories of one server to those of the same names at another, which must have them: deploy them first. Every file is verified by its SHA-256. Files that the target has already are skipped, so that a run which was interrupted can be repeated.',
    )
    .helpOption('-h, --help', 'print this help')
    .argument('<backend>', `type of both servers: ${providersWithFiles.join(', ')}, or a provider of your own`)
    .requiredOption('--from <url>', 'base URL of the server to copy from')
    .requiredOption('--to <url>', 'base URL of the server to copy to')
    .option('--include <glob>', 'import ids of the repositories to copy, e.g. payments/*; may be repeated (default: all)', collect)
    .option('--exclude <glob>', 'import ids of repositories to leave out; may be repeated', collect)
    .option('--replace', 'replace files at the target that have other content; by default they are left as they are')
    .option('--parallel <number>', 'how many files to copy at the same time', parseParallel, 4)
    .option('--dry-run', 'show what would be copied, and copy nothing')
    .addHelpText('after', help)
    .action(async (backend: string, options: CopyOptions) => {
      const { copyServer } = await import('./run');
      process.exitCode = await copyServer(backend, options);
    });
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

function parseParallel(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 64) throw new InvalidArgumentError('It must be a whole number from 1 to 64.');
  return number;
}

const help = `
Credentials and other settings come from the environment, as for the provider. A variable for one server only has the prefix FROM_ or TO_:
  FROM_BKREPO_PASSWORD=... TO_BKREPO_PASSWORD=... repoform copy-files bkrepo --from https://old.example.com --to https://new.example.com

Exit codes: 0 the target has every file, 1 an error, 2 wrong usage, 3 some files were left out (the output gives the reason for each),
130 interrupted (run it again to continue).
`;
