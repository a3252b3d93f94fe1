import { Command, Option } from 'commander';
import { SPLITS, type Split } from '../adopt/groups';
import { loaders } from '../resources/load';

/** The options of `repoform adopt`. */
export interface AdoptOptions {
  readonly endpoint?: string;
  readonly out?: string;
  readonly format: 'typescript' | 'hcl';
  readonly core: 'cdktf' | 'cdktn';
  readonly split?: Split;
  readonly stack: string;
  readonly type: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly readAccessModes?: boolean;
  readonly dryRun?: boolean;
}

/** `repoform adopt`: writes a TypeScript app for what a server has. */
export function adoptCommand(): Command {
  const names = Object.keys(loaders);
  return new Command('adopt')
    .summary('write a TypeScript app for what a live server has')
    .description(
      'Reads a live server and writes an app that manages what it has: constructs with references, secrets as variables, import ids, and a README. It never writes to the server. Credentials and further settings come from the environment, as for the provider, e.g. BKREPO_USERNAME.',
    )
    .helpOption('-h, --help', 'print this help')
    .argument('<backend>', `what the server is: ${names.join(', ')}`)
    .option('--endpoint <url>', 'the base URL of the server (default: that of the environment, e.g. ARTIFACTAPI_ENDPOINT)')
    .option('--out <dir>', 'the folder to write: a new or empty one, or that of an app, which what is new is added to')
    .addOption(new Option('--format <language>', 'the language to write').choices(['typescript', 'hcl']).default('typescript'))
    .addOption(new Option('--core <core>', 'the CDK to write for').choices(['cdktf', 'cdktn']).default('cdktf'))
    .addOption(
      new Option(
        '--split <rule>',
        'one file for each parent (project, workspace), package type or name prefix, or none (default: what suits the estate)',
      ).choices(SPLITS),
    )
    .option('--stack <name>', 'the name of the stack', 'registry')
    .option('--type <glob>', 'a resource type to adopt, e.g. artifactapi_remote_*; may be repeated (default: all)', collect, [])
    .option('--include <glob>', 'import ids to adopt, e.g. payments/*; may be repeated (default: all)', collect, [])
    .option('--exclude <glob>', 'import ids to leave out; may be repeated', collect, [])
    .option(
      '--read-access-modes',
      'also read what the server writes down when it is read: the access modes of repositories in BK-Repo (default: left out)',
    )
    .option('--dry-run', 'say what would be written, and write nothing')
    .addHelpText('after', examples)
    .action(async (backend: string, options: AdoptOptions) => {
      const { adoptServer } = await import('./adopt-server');
      process.exitCode = await adoptServer(backend, options);
    });
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const examples = `
Examples:
  repoform adopt artifactapi --endpoint https://artifacts.example.com --out registry
  repoform adopt bkrepo --endpoint https://bkrepo.example.com --out registry --include 'payments/*' --split parent
  repoform adopt kubesphere --dry-run
  repoform adopt artifactapi --format hcl --out registry --type 'artifactapi_remote_*'

Exit codes: 0 everything was adopted, 3 something was left out (each with a line that says why), 1 an error, 2 wrong usage.
`;
