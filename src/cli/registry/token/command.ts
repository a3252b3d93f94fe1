import { Command, InvalidArgumentError, Option } from 'commander';
import { dataOption } from '../storage';

/** Where the registry is whose tokens or changes a command is about. */
export interface PlaceOptions {
  readonly data: string;
  readonly databaseUrl?: string;
  readonly url?: string;
}

/** The options of `repoform registry token create`. */
export interface CreateOptions extends PlaceOptions {
  readonly scope: readonly string[];
  /** In days; infinite for a token that does not expire. */
  readonly expires: number;
  readonly json: boolean;
}

/** The options of `repoform registry token list`. */
export interface ListOptions extends PlaceOptions {
  readonly json: boolean;
}

const DEFAULT_DAYS = 90;

/** `repoform registry token`: the tokens that clients log in with. */
export function tokenCommand(): Command {
  return new Command('token')
    .summary('create, list and revoke tokens')
    .description(
      'Tokens that clients of the registry log in with: as "Authorization: Bearer TOKEN", or as the password of any user name. The registry keeps only their hashes.',
    )
    .helpOption('-h, --help', 'print this help')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
    .addHelpText('after', examples)
    .action((_options, command: Command) => command.help({ error: true }));
}

/** Adds the options that say which registry is meant. */
export function placed(command: Command): Command {
  return command
    .addOption(dataOption('folder that keeps the data of the registry'))
    .addOption(new Option('--database-url <url>', 'its PostgreSQL database, if it has one; it may be running then').env('DATABASE_URL'))
    .option('--url <url>', 'URL of a running registry instead; if that requires logins, with a token that has "admin:*" in REPOFORM_TOKEN')
    .helpOption('-h, --help', 'print this help');
}

function createCommand(): Command {
  return placed(new Command('create'))
    .summary('create a token and print it once')
    .description('Creates a token and prints it. It is never shown again.')
    .argument('<name>', 'name of the token, e.g. of the pipeline that uses it')
    .requiredOption('--scope <scope...>', 'what it may do, as ACTIONS:REPOSITORIES; see below', collect)
    .option('--expires <days>', 'days until it expires, or "never"', parseDays, DEFAULT_DAYS)
    .option('--json', 'print JSON', false)
    .addHelpText('after', scopes)
    .action(async (name: string, options: CreateOptions) => (await import('./run')).createToken(name, options));
}

function listCommand(): Command {
  return placed(new Command('list'))
    .summary('list the tokens')
    .description('Lists the tokens, without their secrets.')
    .option('--json', 'print JSON', false)
    .action(async (options: ListOptions) => (await import('./run')).listTokens(options));
}

function revokeCommand(): Command {
  return placed(new Command('revoke'))
    .summary('revoke a token')
    .description('Revokes a token: it is refused from now on.')
    .argument('<name>', 'name of the token')
    .action(async (name: string, options: PlaceOptions) => (await import('./run')).revokeToken(name, options));
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function parseDays(text: string): number {
  if (text === 'never') return Infinity;
  const days = Number(text.replace(/d$/, ''));
  if (!/^[1-9]\d{0,4}d?$/.test(text)) throw new InvalidArgumentError('Expected a number of days such as 30, or "never".');
  return days;
}

const scopes = `
A scope names actions, a colon, and a repository or a glob ("*" is any text, "?" any character):
  read    fetch files and indexes, read the settings of repositories
  write   publish and upload
  delete  remove files and versions, evict cached objects
  admin   create, change and delete repositories; includes the other three. On "*" also tokens and the audit log

Examples:
  repoform registry token create laptop --scope "read:*"
  repoform registry token create ci --scope "read:npm*" --scope "write:npm-internal" --expires 30
  repoform registry token create terraform --scope "admin:*" --expires never
`;

const examples = `
Examples:
  repoform registry token create ci --scope "read:npm*" --scope "write:npm-internal"
  repoform registry token list
  repoform registry token revoke ci
  REPOFORM_TOKEN=... repoform registry token list --url https://packages.example.com
`;
