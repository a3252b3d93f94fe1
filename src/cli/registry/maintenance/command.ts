import { Command, InvalidArgumentError, Option } from 'commander';
import { storageOptions, type StorageCommandOptions } from '../storage';

/** The options of `repoform registry gc`. */
export interface GcCommandOptions extends StorageCommandOptions {
  readonly olderThan: number;
  readonly dryRun: boolean;
}

/** The options of `repoform registry fsck`. */
export interface FsckCommandOptions extends StorageCommandOptions {
  readonly deep: boolean;
  readonly repair: boolean;
}

/** The options of `repoform registry export`. */
export interface ExportCommandOptions extends StorageCommandOptions {
  readonly output: string;
  readonly secrets: boolean;
  readonly force: boolean;
}

/** The options of `repoform registry migrate`. */
export interface MigrateCommandOptions extends StorageCommandOptions {
  readonly from?: string;
  readonly fromDatabaseUrl?: string;
  readonly fromS3Bucket?: string;
  readonly fromS3Endpoint?: string;
  readonly fromS3Region?: string;
  readonly fromS3Prefix: string;
}

/** The commands that look after what a registry has stored. */
export function maintenanceCommands(): Command[] {
  return [gcCommand(), fsckCommand(), exportCommand(), importCommand(), migrateCommand()];
}

function gcCommand(): Command {
  return storageOptions(
    task('gc', 'delete content that nothing refers to')
      .description(
        'Deletes the content of files that nothing refers to any more, such as what was replaced or evicted. A running registry does so by itself every ten minutes. If the registry is running, it does the work.',
      )
      .addOption(
        new Option('--older-than <time>', 'only what was last written so long ago, e.g. 30m, 24h or 7d')
          .argParser(parseTime)
          .default(3600, '1h'),
      )
      .option('--dry-run', 'count, and delete nothing', false),
  ).action(async (options: GcCommandOptions) => (await import('./run')).runGc(options));
}

function fsckCommand(): Command {
  return storageOptions(
    task('fsck', 'compare the database with the stored content')
      .description(
        'Checks that the content of every file is there with its size, and finds content that nothing refers to and uploads that processes which died have left. If the registry is running, it does the work.',
      )
      .option('--deep', 'read all content and compare its digest', false)
      .option(
        '--repair',
        'remove what nothing refers to, and cached or generated files whose content is missing or damaged: the next request fetches or generates them again',
        false,
      )
      .addHelpText('after', '\nExit codes: 0 nothing is wrong, or all of it was repaired; 1 an error; 2 wrong usage; 3 problems remain.\n'),
  ).action(async (options: FsckCommandOptions) => (await import('./run')).runFsck(options));
}

function exportCommand(): Command {
  return storageOptions(
    task('export', 'write configuration and content to an archive')
      .description(
        'Writes configuration and content, as they are at one moment, to a tar archive, from which "repoform registry import" makes the same registry on any database and storage. If the registry is running, it goes on serving and does the work.',
      )
      .option('-o, --output <file>', 'the file to write; - for the standard output', '-')
      .option('--secrets', 'include passwords, users, tokens and private keys: needed for a backup. Keep the archive safe', false)
      .option('--force', 'replace the file if it exists', false)
      .addHelpText(
        'after',
        '\nExit codes: 0 the archive is complete, 1 an error, 2 wrong usage, 3 content that was missing from the store is missing from the archive.\n',
      ),
  ).action(async (options: ExportCommandOptions) => (await import('./run')).runExport(options));
}

function importCommand(): Command {
  return storageOptions(
    task('import', 'make a registry from an archive')
      .description(
        'Brings an archive of "repoform registry export" into a registry that has no content yet: all of it or nothing. The registry must not run.',
      )
      .argument('<file>', 'the archive; - for the standard input'),
  ).action(async (file: string, options: StorageCommandOptions) => (await import('./run')).runImport(file, options));
}

function migrateCommand(): Command {
  return storageOptions(
    task('migrate', 'move a registry to another database or storage')
      .description(
        'Copies a registry, which must not run, to an empty one: for example from a data folder to PostgreSQL and a bucket, or back. The usual options and variables name the target; those with --from name the source, which stays as it is. All content and rows are verified. Run the command again to continue after an interruption.',
      )
      .option('--from <folder>', 'data folder of the source; with --from-database-url, the one with its content')
      .option('--from-database-url <url>', 'PostgreSQL database of the source; its content is in the folder --from or in a bucket')
      .option('--from-s3-bucket <name>', 'bucket of the source; it is reached with the same credentials as the target')
      .option('--from-s3-endpoint <url>', 'S3 server of that bucket')
      .option('--from-s3-region <name>', 'region of that bucket')
      .addOption(new Option('--from-s3-prefix <prefix>', 'what the keys in that bucket begin with').default('blobs/')),
  ).action(async (options: MigrateCommandOptions) => (await import('./run')).runMigrate(options));
}

function task(name: string, summary: string): Command {
  return new Command(name).summary(summary).helpOption('-h, --help', 'print this help');
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function parseTime(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('A time is a whole number with a unit: s, m, h or d, e.g. 24h.');
  return Number(number) * (SECONDS[unit] ?? 1);
}
