import { styleText } from 'node:util';
import { durationMilliseconds, durationProblem } from '../../common/duration';
import { describe } from '../../diff/describe';
import { jsonOf } from '../../diff/json';
import { markdownOf } from '../../diff/markdown';
import type { Report } from '../../diff/render';
import { type Style, textOf } from '../../diff/text';
import { KnownProviders } from '../../plans/known';
import { locate } from '../../plans/locate';
import { Session } from '../../plans/session';
import { providers } from '../../resources';
import { adoptedProvider } from '../adopt/provider';
import { hasColours } from '../colours';
import type { DiffOptions } from './command';
import { Failure } from '../failure';

const failed = 1;
const changed = 2;

/** Says what plans change; answers the exit code. Text comes plan by plan, other formats only whole. */
export async function diff(given: string | undefined, planArguments: readonly string[], options: DiffOptions): Promise<number> {
  const own = await Promise.all((options.provider ?? []).map(async (name) => (await adoptedProvider(name)).definition));
  const session = new Session({
    known: new KnownProviders([...providers, ...own]),
    env: process.env,
    coreBinary: options.coreBinary,
    planArguments,
    synthesizes: options.synth,
    timeout: timeoutOf(options.timeout),
    onProgress: (doing, seconds) => process.stderr.write(`${doing} ... (${seconds} s)\n`),
    onWarnings: (text) => process.stderr.write(text),
  });
  const located = locate({ given, folder: options.dir }, process.cwd());
  if (planArguments.length > 0 && (located.kind === 'saved' || located.kind === 'json'))
    throw new Failure(`${planArguments.join(' ')} is for a plan that is made, and ${given} is one already; omit it`);
  const reports: Report[] = [];
  for await (const { name, plan } of session.plans(located)) {
    const report = { name, description: describe(plan) };
    if (options.format === 'text') process.stdout.write((reports.length > 0 ? '\n' : '') + textOf([report], style()));
    reports.push(report);
  }
  if (options.format === 'markdown') process.stdout.write(markdownOf(reports));
  if (options.format === 'json') process.stdout.write(jsonOf(reports));
  if (reports.some(({ description }) => description.errored)) return failed;
  return options.exitCode && reports.some(({ description }) => description.changes) ? changed : 0;
}

function timeoutOf(text: string): number {
  const milliseconds = durationMilliseconds(text);
  if (milliseconds === undefined) throw new Failure(`--timeout: ${durationProblem(text) ?? ''}`);
  return milliseconds;
}

const colours = { heading: 'bold', danger: 'red', good: 'green', changed: 'yellow', quiet: 'dim' } as const;

const style = (): Style => (hasColours() ? (role, text) => styleText(colours[role], text) : (_role, text) => text);
