import { basename } from 'node:path';
import { styleText } from 'node:util';
import { durationMilliseconds, durationProblem } from '../../common/duration';
import { describe, sections } from '../../diff/describe';
import { jsonOf } from '../../diff/json';
import { failureMarkdown, markdownOf } from '../../diff/markdown';
import { type Report, summaryOf } from '../../diff/render';
import { type Style, textOf } from '../../diff/text';
import { KnownProviders } from '../../plans/known';
import { type Located, locate } from '../../plans/locate';
import { PlanError } from '../../plans/plan-error';
import { Session } from '../../plans/session';
import { providers } from '../../resources';
import { adoptedProvider } from '../adopt/provider';
import { hasColours } from '../colours';
import type { DiffOptions } from './command';
import { Failure, Misuse } from '../failure';
import { writeReport } from '../write-report';

const failed = 1;
const changed = 2;
const refused = 3;

/** Says what plans change; answers the exit code. Text comes plan by plan, other formats only whole. */
export async function diff(targets: readonly string[], planArguments: readonly string[], options: DiffOptions): Promise<number> {
  const own = await Promise.all((options.provider ?? []).map(async (name) => (await adoptedProvider(name)).definition));
  refuseUnknown(options.failOn ?? []);
  const session = new Session({
    known: new KnownProviders([...providers, ...own]),
    env: process.env,
    coreBinary: options.coreBinary,
    planArguments,
    savesAs: fileName(options.savePlan),
    synthesizes: options.synth,
    timeout: timeoutOf(options.timeout),
    onProgress: (doing, seconds) => process.stderr.write(`${doing} ... (${seconds} s)\n`),
    onWarnings: (text) => process.stderr.write(text),
  });
  const given = targets.length === 0 ? [undefined] : targets;
  const located = given.map((target) => locate({ given: target, folder: options.dir }, process.cwd()));
  refuseMade(located, given, { planArguments, savePlan: options.savePlan });
  const reports: Report[] = [];
  const printsText = options.format === 'text' || options.out !== undefined;
  try {
    for (const one of located)
      for await (const { name, plan } of session.plans(one)) {
        const report = { name, description: describe(plan) };
        if (printsText) process.stdout.write((reports.length > 0 ? '\n' : '') + textOf([report], style()));
        reports.push(report);
      }
  } catch (thrown) {
    writeFailure(thrown, options);
    throw thrown;
  }
  if (printsText && reports.length > 1) process.stdout.write(`\n${summaryOf(reports)}\n`);
  write(reports, options);
  return codeOf(reports, options);
}

function codeOf(reports: readonly Report[], { failOn = [], exitCode }: DiffOptions): number {
  if (reports.some(({ description }) => description.errored)) return failed;
  const found = [...new Set(reports.flatMap(({ description }) => description.entries.map(({ section }) => section)))];
  const named = found.filter((section) => failOn.includes(section));
  for (const section of named) process.stderr.write(`--fail-on ${section}: the plan has a change under "${sections[section]}"\n`);
  if (named.length > 0) return refused;
  return exitCode && reports.some(({ description }) => description.changes) ? changed : 0;
}

function write(reports: readonly Report[], { format, out }: DiffOptions): void {
  if (out === undefined && format === 'text') return;
  const unstyled: Style = (_role, text) => text;
  const formatted = { text: () => textOf(reports, unstyled), markdown: () => markdownOf(reports), json: () => jsonOf(reports) }[format]();
  if (out === undefined) process.stdout.write(formatted);
  else writeReport(out, formatted);
}

/** What an earlier run wrote must not be taken for the outcome of this one. */
function writeFailure(thrown: unknown, { format, out }: DiffOptions): void {
  if (out === undefined || !(thrown instanceof PlanError)) return;
  const { message, details } = thrown;
  const formatted = {
    text: () => `The plan failed: ${message}\n${details}`,
    markdown: () => failureMarkdown(message, details),
    json: () => `${JSON.stringify({ error: message }, undefined, 2)}\n`,
  }[format]();
  writeReport(out, formatted);
}

function refuseUnknown(named: readonly string[]): void {
  const unknown = named.find((section) => !Object.hasOwn(sections, section));
  if (unknown !== undefined)
    throw new Misuse(`unknown section "${unknown}" in --fail-on; expected one of ${Object.keys(sections).join(', ')}`);
}

/** What is for plans that are made has no meaning for those that are there. */
function refuseMade(
  located: readonly Located[],
  given: readonly (string | undefined)[],
  { planArguments, savePlan }: { readonly planArguments: readonly string[]; readonly savePlan: string | undefined },
): void {
  const option = planArguments.length > 0 ? planArguments.join(' ') : savePlan === undefined ? undefined : `--save-plan ${savePlan}`;
  const made = located.findIndex(({ kind }) => kind === 'saved' || kind === 'json');
  if (option !== undefined && made !== -1)
    throw new Misuse(`${option} is for a plan that is made, and ${given[made]} is one already; omit it`);
}

function fileName(given: string | undefined): string | undefined {
  if (
    given === undefined ||
    (basename(given) === given && !/^\.{0,2}$/.test(given) && !/^\.|\.(?:tf|tofu)(?:\.json)?$|\.tf(?:state|vars)\b/.test(given))
  )
    return given;
  throw new Misuse(`--save-plan ${given}: expected the name of a file in the folder of each stack, e.g. plan.tfplan`);
}

function timeoutOf(text: string): number {
  const milliseconds = durationMilliseconds(text);
  if (milliseconds === undefined) throw new Failure(`--timeout: ${durationProblem(text) ?? ''}`);
  return milliseconds;
}

const colours = { heading: 'bold', danger: 'red', good: 'green', changed: 'yellow', quiet: 'dim' } as const;

const style = (): Style => (hasColours() ? (role, text) => styleText(colours[role], text) : (_role, text) => text);
