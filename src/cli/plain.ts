import type { Command } from 'commander';

/** Usage errors are one line, and throw instead of ending the process. */
export function speakPlainly(command: Command): void {
  command.allowExcessArguments(command.commands.length > 0);
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      const problem = text
        .replace(/^error: /, '')
        .replace(/\s*\n\s*/g, ' ')
        .trim();
      write(`repoform: ${problem.replace(/\.$/, '')}; see "${pathOf(command)} --help"\n`);
    },
  });
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
