import { Command, InvalidArgumentError } from 'commander';
import { providerNames } from '../../resources/names';

/** What the user passes to `repoform doctor`. */
export interface DoctorOptions {
  readonly endpoint?: string;
  readonly dir: string;
  readonly timeout: number;
  readonly json?: boolean;
}

/** `repoform doctor`: finds out why it does not work on this machine. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('check this machine, the app in a folder, and the servers that it uses')
    .description(
      'Checks Node, Terraform or OpenTofu, proxies, the packages and lock files of an app, local state locks, variables without a value, and, for each server: connection, TLS certificate, clock, login, version, and what the login may list and do. Nothing is changed. Credentials and other settings come from the environment, as for the provider, e.g. BKREPO_USERNAME.',
    )
    .helpOption('-h, --help', 'print this help')
    .argument(
      '[backends...]',
      `types of the servers: ${providerNames.join(', ')}, or providers of your own as for repoform adopt (default: those with an endpoint in the environment or in the stacks)`,
    )
    .option('--endpoint <url>', 'base URL of the server (default: from the synthesized stacks and the environment)')
    .option('--dir <dir>', 'folder of the app, or of a configuration in HCL', '.')
    .option('--timeout <seconds>', 'time for each check', seconds, 20)
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', examples)
    .action(async (backends: readonly string[], options: DoctorOptions) => {
      const { examineAll } = await import('./report');
      process.exitCode = await examineAll(backends, options);
    });
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 600)) throw new InvalidArgumentError('expected a number of seconds from 1 to 600.');
  return value;
}

const examples = `
Examples:
  repoform doctor
  repoform doctor artifactapi bkrepo
  repoform doctor bkrepo --endpoint https://bkrepo.example.com
  repoform doctor --dir deploy --json

Exit codes: 0 no error was found (there may be warnings), 1 an error was found, 2 wrong usage.
`;
