import { Command, Option } from 'commander';
import type { Split } from '../../adopt/groups';
import { providerNames } from '../../resources/names';

const SPLITS: readonly Split[] = ['parent', 'package-type', 'prefix', 'none'];

/** The options of `repoform adopt`. */
export interface AdoptOptions {
  readonly endpoint?: string;
  readonly out?: string;
  readonly format: 'typescript' | 'hcl';
  readonly core: 'cdktf' | 'cdktn';
  readonly split?: Split;
  readonly stack: string;
  readonly type?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly readAccessModes?: boolean;
  readonly dryRun?: boolean;
  readonly moveTo?: string;
}

/** `repoform adopt`: writes a TypeScript app for what a server has. */
export function adoptCommand(): Command {
  return new Command('adopt')
    .summary('write a TypeScript app that imports and manages what is on a live server')
    .description(
      'Reads a live server and writes an app that imports and manages its objects: constructs with references, variables for secrets, import ids, and a README. It never writes to the server. Credentials and other settings come from the environment, as for the provider, e.g. BKREPO_USERNAME.',
    )
    .helpOption('-h, --help', 'print this help')
    .argument(
      '<backend>',
      `type of the server: ${providerNames.join(', ')}, or a provider of your own: its module, its package's folder, or an installed package`,
    )
    .option('--endpoint <url>', 'base URL of the server (default: from the environment, e.g. ARTIFACTAPI_ENDPOINT)')
    .option(
      '--out <dir>',
      'folder to write to: a new or empty one, or a TypeScript app, to which objects that it does not manage are added (not possible with HCL)',
    )
    .addOption(new Option('--format <language>', 'language of the code').choices(['typescript', 'hcl']).default('typescript'))
    .addOption(new Option('--core <core>', 'CDK that the app uses').choices(['cdktf', 'cdktn']).default('cdktf'))
    .addOption(
      new Option(
        '--split <rule>',
        'one file for each parent (project, workspace), package type or name prefix, or a single file (default: depends on the objects found)',
      ).choices(SPLITS),
    )
    .option('--stack <name>', 'name of the stack', 'registry')
    .option('--type <glob>', 'resource types to adopt, e.g. artifactapi_remote_*; may be repeated (default: all)', collect)
    .option('--include <glob>', 'import ids to adopt, e.g. payments/*; may be repeated (default: all)', collect)
    .option('--exclude <glob>', 'import ids to leave out; may be repeated', collect)
    .option('--read-access-modes', 'also adopt the access modes of BK-Repo repositories; reading one makes the server store it')
    .option('--move-to <url>', 'write an app that creates the objects at this server, instead of one that imports them where they are')
    .option('--dry-run', 'show what would be written, and write nothing')
    .addHelpText('after', examples)
    .action(async (backend: string, options: AdoptOptions) => {
      const { adoptServer } = await import('./server');
      process.exitCode = await adoptServer(backend, options);
    });
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

const examples = `
Examples:
  repoform adopt artifactapi --endpoint https://artifacts.example.com --out registry
  repoform adopt bkrepo --endpoint https://bkrepo.example.com --out registry --include 'payments/*' --split parent
  repoform adopt kubesphere --dry-run
  repoform adopt artifactapi --endpoint https://old.example.com --move-to https://new.example.com --out registry
  repoform adopt ./src/provider.ts --endpoint https://api.example.com --out ../estate
  repoform adopt artifactapi --format hcl --out registry --type 'artifactapi_remote_*'

Exit codes: 0 everything was adopted, 1 an error, 2 wrong usage, 3 some objects were left out (the output gives the reason for each).
`;
