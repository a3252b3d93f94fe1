import { Command, InvalidArgumentError, Option } from 'commander';
import type { Diagnostic } from '../../common/diagnostic';
import type { Value, ValueRecord } from '../../common/value';
import { fromJson } from '../../protocol/msgpack';
import type { ActionDefinition } from '../../schema/define/definition';
import type { ProviderDefinition } from '../../schema/define/provider';
import { type Field, fieldsOf, type Shape } from '../../schema/define/shape';
import { adoptedProvider } from '../adopt/provider';
import { connected, endpointOf } from '../connected';
import { Misuse, printable } from '../failure';
import { speakPlainly } from '../plain';

const [succeeded, failed, misused, interrupted] = [0, 1, 2, 130] as const;

/** Runs the action that the words name; answers the exit code. */
export async function runAction(words: readonly string[], help: string): Promise<number> {
  const [backend, name, ...rest] = words;
  const asksHelp = (word: string | undefined): boolean => word === undefined || word === '-h' || word === '--help';
  if (backend === undefined || asksHelp(backend)) return shown(help, backend === undefined);
  const { definition: provider } = await adoptedProvider(backend);
  const { actions = [] } = provider;
  if (actions.length === 0) throw new Misuse(`the provider ${provider.name} has no actions`);
  if (name === undefined || asksHelp(name)) return shown(listOf(backend, provider), name === undefined);
  const word = (type: string): string => wordOf(provider, type);
  const action = actions.find(({ type }) => [type, word(type)].includes(name) || word(type) === name.replaceAll('_', '-'));
  if (!action) throw new Misuse(`unknown action "${name}"; expected one of ${actions.map(({ type }) => word(type)).join(', ')}`);
  const command = commandOf(backend, provider, action);
  let code: number = succeeded;
  command.action(async (options: Options) => void (code = await invoke(provider, action, options)));
  await command.parseAsync(rest, { from: 'user' });
  return code;
}

interface Options extends Readonly<Record<string, unknown>> {
  readonly endpoint?: string;
  readonly json?: boolean;
}

function shown(text: string, isMissing: boolean): number {
  (isMissing ? process.stderr : process.stdout).write(text);
  return isMissing ? misused : succeeded;
}

/** `artifactapi_evict_objects` to `evict-objects`. */
const wordOf = ({ name }: ProviderDefinition, type: string): string => type.slice(name.length + 1).replaceAll('_', '-');

function listOf(backend: string, provider: ProviderDefinition): string {
  const lines = (provider.actions ?? []).map(
    ({ type, description }) => `  ${wordOf(provider, type).padEnd(24)} ${description.split('. ')[0]}`,
  );
  return `Actions of ${provider.title}:\n${lines.join('\n')}\n\nEvery action has its own help: repoform run ${backend} <action> --help\n`;
}

/** The command of an action, with an option for each attribute. */
function commandOf(backend: string, provider: ProviderDefinition, action: ActionDefinition): Command {
  const command = new Command(`repoform run ${backend} ${wordOf(provider, action.type)}`)
    .description(action.description)
    .helpOption('-h, --help', 'print this help')
    .option('--endpoint <url>', 'base URL of the server (default: from the environment)')
    .option('--json', 'print progress and result as lines of JSON');
  for (const field of fieldsOf(action.attributes, action.apiCase)) command.addOption(optionOf(provider, action, field));
  speakPlainly(command);
  return command;
}

/** Where the value of an attribute is among the options, apart from those that every action has. */
const keyOf = (name: string): string => `attribute ${name}`;

const reserved: ReadonlySet<string> = new Set(['endpoint', 'json', 'help']);

const flagOf = (name: string): string => `--${reserved.has(name) ? 'arg-' : ''}${name.replaceAll('_', '-')}`;

function optionOf(provider: ProviderDefinition, { type }: ActionDefinition, field: Field): Option {
  const { name, shape, required, facts } = field;
  const option = new Option(`${flagOf(name)} ${placeholder(shape)}`, describe(field))
    .argParser((text: string, previous: Value | undefined) => valueOf(shape, text, previous))
    .makeOptionMandatory(required);
  option.attributeName = () => keyOf(name);
  // On a command line, others see it.
  if (facts.sensitive) option.env(`${type}_${name}`.toUpperCase());
  return option;
}

function describe({ description, shape, required, default: fallback }: Field): string {
  const repeated = isListOfScalars(shape) ? '; may be repeated' : '';
  const unset = required ? ' (required)' : (fallback ?? null) === null ? '' : ` (default: ${JSON.stringify(fallback)})`;
  return description.replace(/\.$/, '') + repeated + unset;
}

const isListOfScalars = (shape: Shape): boolean =>
  (shape.kind === 'list' || shape.kind === 'set') && shape.element.kind !== 'object' && !('element' in shape.element);

function placeholder(shape: Shape): string {
  if (shape.kind === 'bool') return '[boolean]';
  if (shape.kind === 'string' || shape.kind === 'number') return `<${shape.kind === 'string' ? 'text' : 'number'}>`;
  return isListOfScalars(shape) && 'element' in shape
    ? placeholder(shape.element).replace(/[[\]]/g, (at) => (at === '[' ? '<' : '>'))
    : '<json>';
}

/** The value of an option; lists of texts and numbers are given by repeating it, and what is nested as JSON. */
function valueOf(shape: Shape, text: string, previous: Value | undefined): Value {
  if (isListOfScalars(shape) && 'element' in shape)
    return [...(Array.isArray(previous) ? (previous as Value[]) : []), valueOf(shape.element, text, undefined)];
  if (shape.kind === 'string') return text;
  if (shape.kind === 'bool') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new InvalidArgumentError('expected true or false.');
  }
  if (shape.kind === 'number') {
    if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
    throw new InvalidArgumentError('expected a number.');
  }
  try {
    return fromJson(text);
  } catch {
    throw new InvalidArgumentError('expected JSON.');
  }
}

async function invoke(provider: ProviderDefinition, { type, attributes, apiCase }: ActionDefinition, options: Options): Promise<number> {
  const handler = await connected(provider, endpointOf(provider, options.endpoint).url, { writes: true });
  const cancel = new AbortController();
  const interrupt = (): void => cancel.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const config: ValueRecord = Object.fromEntries(
    fieldsOf(attributes, apiCase).map(({ name }): [string, Value] => [name, (options[keyOf(name)] as Value | undefined) ?? null]),
  );
  const told: Diagnostic[] = [];
  const failing = (diagnostics: readonly Diagnostic[]): boolean => {
    told.push(...diagnostics);
    return told.some(({ severity }) => severity === 'error');
  };
  const progress = (message: string): void =>
    void process.stdout.write(options.json ? `${JSON.stringify({ type: 'progress', message })}\n` : `${message}\n`);
  try {
    const isWrong = failing((await handler.validateAction({ type, config })).diagnostics);
    const isFailed =
      isWrong ||
      failing((await handler.planAction({ type, config })).diagnostics) ||
      failing((await handler.invokeAction({ type, config, progress, signal: cancel.signal })).diagnostics);
    const names = fieldsOf(attributes, apiCase).map(({ name }) => name);
    report(
      told.map((one) => ({ ...one, detail: asOptions(one.detail, names) })),
      options.json ?? false,
    );
    return cancel.signal.aborted ? interrupted : isWrong ? misused : isFailed ? failed : succeeded;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    handler.stop();
    await handler.end();
  }
}

/** A message with options where it asks for attributes: `--force` for `"force"`. Values in quotes stay. */
const asOptions = (detail: string, names: readonly string[]): string =>
  detail.replace(/(^|\bset |\bor )"(\w+)"/gi, (whole, before: string, name: string) =>
    names.includes(name) ? before + flagOf(name) : whole,
  );

function report(told: readonly Diagnostic[], asJson: boolean): void {
  if (asJson) {
    const diagnostics = told.map(({ severity, summary, detail, path }) => ({ severity, summary, detail, ...(path && { path }) }));
    return void process.stdout.write(`${JSON.stringify({ type: 'completed', diagnostics })}\n`);
  }
  for (const { severity, summary, detail } of told)
    process.stderr.write(
      `${severity === 'error' ? 'Error' : 'Warning'}: ${printable(summary)}\n  ${detail.split('\n').map(printable).join('\n  ')}\n`,
    );
}
