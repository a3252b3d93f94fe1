import { Command, InvalidArgumentError, Option } from 'commander';
import { coreBinary } from '../plan-options';

/** What the user passes to `repoform graph`. */
export interface GraphOptions {
  readonly format?: 'mermaid' | 'dot' | 'svg';
  readonly out?: string;
  readonly plan?: boolean;
  readonly server?: string;
  readonly endpoint?: string;
  readonly dir?: string;
  readonly synth: boolean;
  readonly coreBinary?: string;
  readonly timeout: number;
}

/** `repoform graph`: draws repositories and what refers to them. */
export function graphCommand(): Command {
  return new Command('graph')
    .summary('draw the repositories of an app, a plan, or a live server')
    .description(
      'Draws remotes, virtuals, locals, projects, permissions and app repositories, and what refers to what: of a CDK app (without running Terraform), of a plan, whose changes are coloured, or of a live server.',
    )
    .helpOption('-h, --help', 'print this help')
    .argument('[what]', 'a stack of the app, a saved plan, a plan in JSON (- reads the standard input), or a folder (default: this folder)')
    .addOption(
      new Option('--format <format>', 'format of the picture (default: by the name of the file, else mermaid)').choices([
        'mermaid',
        'dot',
        'svg',
      ]),
    )
    .option('--out <file>', 'file to write, e.g. registry.svg (default: the standard output)')
    .option('--plan', 'plan the app first, and colour what would change')
    .option('--server <backend>', 'draw what is on a live server: artifactapi, bkrepo, kubesphere, or a provider of your own')
    .option('--endpoint <url>', 'base URL of that server (default: from the environment, e.g. ARTIFACTAPI_ENDPOINT)')
    .option('--dir <dir>', 'folder of the app, or in which a saved plan was made')
    .option('--no-synth', 'do not run the app, but draw what it last synthesized')
    .addOption(coreBinary)
    .option('--timeout <seconds>', 'time for each command that is run', seconds, 600)
    .addHelpText('after', examples)
    .action(async (what: string | undefined, options: GraphOptions) => {
      const { draw } = await import('./run');
      await draw(what, options);
    });
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 86_400)) throw new InvalidArgumentError('expected a number of seconds from 1 to 86400.');
  return value;
}

const examples = `
Examples:
  repoform graph --out registry.svg                   the stacks of the app in this folder
  repoform graph production --plan --out changes.svg  what deploying a stack would change
  repoform graph plan.tfplan --format mermaid         a saved plan, for a comment on a merge request
  repoform graph --server bkrepo --out bkrepo.dot     what is on a server
`;
