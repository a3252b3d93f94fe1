import { type Command, InvalidArgumentError, Option } from 'commander';
import { addSwitch, setting } from './options';

/** Where the registry keeps what, as options. */
export interface StorageCommandOptions {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly databaseConnections: number;
  readonly s3Bucket?: string;
  readonly s3Endpoint?: string;
  readonly s3Region?: string;
  readonly s3Prefix: string;
  readonly s3CreateBucket?: boolean;
}

/** Adds the options that say where the registry keeps what. */
export function storageOptions(command: Command): Command {
  command
    .addOption(dataOption('folder that keeps repositories and files'))
    .optionsGroup('Database:')
    .addOption(
      new Option(
        '--database-url <url>',
        'PostgreSQL database that keeps the repositories, e.g. postgresql://user:password@db.example.com/artifacts, instead of SQLite in the data folder',
      ).env('DATABASE_URL'),
    )
    .addOption(
      new Option('--database-connections <number>', 'how many connections to it may be open')
        .env('DATABASE_CONNECTIONS')
        .argParser(parseConnections)
        .default(10),
    )
    .optionsGroup('Object storage:')
    .addOption(new Option('--s3-bucket <name>', 'bucket that keeps the content of files, instead of the data folder').env('MINIO_BUCKET'))
    .addOption(
      new Option(
        '--s3-endpoint <url>',
        'S3 server of the bucket, unless it is Amazon; host:port with MINIO_SECURE=true or false, or a URL',
      ).env('MINIO_ENDPOINT'),
    )
    .addOption(new Option('--s3-region <name>', 'region of the bucket').env('MINIO_REGION'))
    .addOption(setting('--s3-prefix <prefix>', 'what the keys in the bucket begin with').default('blobs/'));
  return addSwitch(command, '--s3-create-bucket', 'create the bucket if it does not exist');
}

/** The option that names the data folder. */
export function dataOption(description: string): Option {
  return setting('--data <folder>', description).default('.repoform/registry');
}

function parseConnections(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 1000) throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
  return number;
}
