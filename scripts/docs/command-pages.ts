import { type Command, Help, type Option } from 'commander';
import { createProgram } from '../../src/cli/program';

const help = new Help();

/** The pages of the commands by their names in `docs/commands`: one for each with those below it, and a list of all. */
export function commandPages(): ReadonlyMap<string, string> {
  const { commands } = createProgram();
  return new Map([['index', indexPage(commands)], ...commands.map((command) => [command.name(), commandPage(command)] as const)]);
}

function indexPage(commands: readonly Command[]): string {
  const rows = commands.map((command) => {
    const below = command.commands.map((each) => `[${each.name()}](${command.name()}.md#${anchorOf(each)})`).join(', ');
    return `| [repoform ${command.name()}](${command.name()}.md) | ${inTable(summaryOf(command))} | ${below} |\n`;
  });
  return `# Commands

Every command with its options and environment variables, as \`--help\` prints them.

| command | what it does | its own commands |
| --- | --- | --- |
${rows.join('')}`;
}

function commandPage(command: Command): string {
  return `# ${pathOf(command)}

${[bodyOf(command), ...descendants(command).map((each) => `## ${pathOf(each)}\n\n${bodyOf(each)}`)].join('\n')}`;
}

function bodyOf(command: Command): string {
  const usage = `\`\`\`text\n${pathOf(command)} ${command.usage()}\n\`\`\`\n`;
  const after = afterHelp(command);
  return [
    `${linesOf(command.description())}\n`,
    usage,
    ...argumentsOf(command),
    ...optionsOf(command),
    ...(after === '' ? [] : [`\`\`\`text\n${after}\n\`\`\`\n`]),
  ].join('\n');
}

function argumentsOf(command: Command): string[] {
  const rows = help.visibleArguments(command).map((each) => `| \`${each.name()}\` | ${inTable(help.argumentDescription(each))} |\n`);
  return rows.length === 0 ? [] : [`| argument | what it is |\n| --- | --- |\n${rows.join('')}`];
}

/** A table for each group of options; those of every command are left out. */
function optionsOf(command: Command): string[] {
  const groups = new Map<string, Option[]>();
  for (const option of help.visibleOptions(command)) {
    if (['help', 'version'].includes(option.name())) continue;
    const group = option.helpGroupHeading ?? 'Options:';
    groups.set(group, [...(groups.get(group) ?? []), option]);
  }
  return [...groups].map(([group, options]) => {
    const title = group === 'Options:' ? '' : `**${group.replace(/:$/, '')}**\n\n`;
    return `${title}| option | what it does | variable |\n| --- | --- | --- |\n${options.map(optionRow).join('')}`;
  });
}

function optionRow(option: Option): string {
  const text = help
    .optionDescription(option)
    .replace(/\(default: false\)|default: false, /, '')
    .trim();
  // Commander adds the variable at the end, whatever else it adds; switches have theirs in their description.
  const [, said = '', added = '', variable] = /^(.*?)(?: \(((?:[^()]*, )?)env: (\w+)\))?$/s.exec(text) ?? [];
  const described = added === '' ? said : `${said} (${added.replace(/, $/, '')})`;
  return `| \`${option.flags}\` | ${inTable(described)} | ${variable === undefined ? '' : `\`${variable}\``} |\n`;
}

/** What a command says after its options: examples, and what else there is to know. */
function afterHelp(command: Command): string {
  const pieces: string[] = [];
  command.configureOutput({ writeOut: (piece) => pieces.push(piece) }).outputHelp();
  const [, ...after] = pieces;
  return after.join('').trim();
}

const summaryOf = (command: Command): string => command.summary() || linesOf(command.description()).split('\n')[0] || '';
const linesOf = (text: string): string => text.replace(/[ \t]*\n(?!\n)[ \t]*/g, ' ').trim();
const inTable = (text: string): string => linesOf(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
const pathOf = (command: Command): string => (command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name());
const anchorOf = (command: Command): string => pathOf(command).replaceAll(' ', '-');

function descendants(command: Command): Command[] {
  return command.commands.flatMap((each) => [each, ...descendants(each)]);
}
