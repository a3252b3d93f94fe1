import { Command, CommanderError } from 'commander';
import { version } from '../common/version';
import { adoptCommand } from './adopt/command';
import { checkCommand } from './check/command';
import { diffCommand } from './diff/command';
import { copyFilesCommand } from './copy-files/command';
import { doctorCommand } from './doctor/command';
import { runCommand } from './run/command';
import { detailsOf, lineOf, Misuse, Written } from './failure';
import { graphCommand } from './graph/command';
import { providerCommand } from './provider/command';
import { speakPlainly } from './plain';
import { registryCommand } from './registry/command';

const failed = 1;
const misused = 2;
/** The codes of commands whose 2 means something else. */
const ownMisused: Readonly<Record<string, number>> = { diff: failed };

/** Runs the command with these arguments; returns the exit code. Never throws. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (thrown) {
    const wrongUsage = ownMisused[args[0] ?? ''] ?? misused;
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : wrongUsage;
    const isWritten = thrown instanceof Written;
    if (!isWritten) process.stderr.write(`repoform: ${lineOf(thrown)}\n${detailsOf(thrown)}`);
    return (isWritten ? thrown.cause : thrown) instanceof Misuse ? wrongUsage : failed;
  }
}

/** The command with everything below it. */
export function createProgram(): Command {
  const program = new Command('repoform')
    .description('Declare package registries in TypeScript or HCL, with an embedded registry to try them on.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .usage('<command> [options]')
    // An option after a command is that command's own, also where a command above it has one of that name.
    .enablePositionalOptions()
    .addHelpText('after', examples)
    .addCommand(registryCommand())
    .addCommand(providerCommand())
    .addCommand(adoptCommand())
    .addCommand(checkCommand())
    .addCommand(diffCommand())
    .addCommand(graphCommand())
    .addCommand(copyFilesCommand())
    .addCommand(doctorCommand())
    .addCommand(runCommand())
    .action((_options, command: Command) => command.help({ error: true }));
  program.hook('preAction', refuseUnknown);
  for (const command of everyCommand(program)) {
    speakPlainly(command);
    forgetEmptyVariables(command);
  }
  return program;
}

/** A variable that is empty counts as not set: files for containers cannot leave one out. */
function forgetEmptyVariables({ options }: Command): void {
  for (const { envVar } of options) if (envVar !== undefined && process.env[envVar] === '') delete process.env[envVar];
}

const examples = `
Examples:
  repoform registry                             start a registry on http://127.0.0.1:8000
  repoform registry --port 0 --data /tmp/try    another one, on a free port
  repoform provider install --dir ./mirror      the provider for plain Terraform (HCL)
  repoform diff registry                        what deploying a stack would change, for reviewers
  repoform provider --debug                     run the provider under a debugger

The constructs for CDK for Terraform need no command: import them from "repoform/artifactapi" and run "cdktf deploy".
Every command has its own help: repoform registry --help
`;

/** A command with its own action would take an unknown word for an argument. */
function refuseUnknown(_program: Command, command: Command): void {
  const [word] = command.args;
  const names = command.commands.map((known) => known.name());
  if (word === undefined || names.length === 0) return;
  command.error(`unknown command "${word}"; expected one of ${names.join(', ')}`, { exitCode: misused });
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
