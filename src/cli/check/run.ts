import { existsSync, readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { knownProviders, selectedRules } from '../../check-engine';
import { checkWithServers } from '../../checks/check';
import type { Rule, Severity } from '../../checks/define';
import { isAtLeast, type Outcome } from '../../checks/findings';
import { rules as ownRules } from '../../checks/gen/rules';
import { Estate } from '../../checks/model/estate';
import { toCodeQuality } from '../../checks/output/code-quality';
import { toJson } from '../../checks/output/json';
import type { Report } from '../../checks/output/report';
import { toSarif } from '../../checks/output/sarif';
import { type TextOptions, toText } from '../../checks/output/text';
import { suppressionsOf } from '../../checks/suppression-file';
import type { Suppression } from '../../checks/suppressions';
import { version } from '../../common/version';
import { loaders } from '../../resources/load';
import type { ProviderDefinition } from '../../schema/define';
import { adoptedProvider } from '../adopt/provider';
import type { CheckOptions } from './command';
import { type CheckInput, checkInput } from './input';
import { rulesOf } from './rules';
import { connectServers } from './server';
import { hasColours } from '../colours';
import { detailsOf, Failure, lineOf } from '../failure';
import { writeReport } from '../write-report';

const found = 1;
const notChecked = 2;
const usualFile = 'repoform.check.json';

/** Checks, and prints what was found; answers the exit code. Nothing that keeps it from checking looks like a finding. */
export async function runCheck(what: string | undefined, options: CheckOptions): Promise<number> {
  try {
    const own = (await Promise.all((options.rules ?? []).map(rulesOf))).flat();
    if (options.listRules) return listRules([...ownRules, ...own]);
    const others = await Promise.all((options.provider ?? []).map(async (name) => (await adoptedProvider(name)).definition));
    const known = knownProviders(others);
    const input = await checkInput(what, options, known);
    const outcome = await outcomeOf(input, options, { rules: own, others });
    if (outcome.resources === 0) process.stderr.write('no resource of a provider of repoform was found, so there was little to check\n');
    write({ ...input, outcome }, options);
    return failsOn(outcome, options.failOn) ? found : 0;
  } catch (thrown) {
    process.stderr.write(`repoform: ${lineOf(thrown)}\n${detailsOf(thrown)}`);
    return notChecked;
  }
}

/** What a team adds to what we have. */
interface Own {
  readonly rules: readonly Rule[];
  readonly others: readonly ProviderDefinition[];
}

async function outcomeOf({ read }: CheckInput, options: CheckOptions, { rules, others }: Own): Promise<Outcome> {
  const estate = new Estate(read.map(({ input }) => input));
  const suppressions = [...read.flatMap((one) => one.suppressions), ...suppressionsAt(options.suppressions)];
  const selected = selectedRules({ rules, except: options.except ?? [] });
  const used = new Set(estate.resources.map(({ provider }) => provider));
  const definitions = [...Object.values(loaders).map((load) => load()), ...others];
  const servers = await connectServers(options.endpoint ?? [], { definitions, used });
  try {
    return await checkWithServers({ estate, suppressions, ...selected }, servers.of);
  } finally {
    await servers.end();
  }
}

function suppressionsAt(given: string | undefined): readonly Suppression[] {
  const file = given ?? usualFile;
  if (!existsSync(file)) {
    if (given !== undefined) throw new Failure(`there is no file ${given}; correct --suppressions`);
    return [];
  }
  const parsed = suppressionsOf(readFileSync(file, 'utf8'));
  if ('problem' in parsed) throw new Failure(`${file} is not a file of suppressions: ${parsed.problem}`);
  return parsed.value;
}

function write(report: Report, { format, out, max, showSuppressed }: CheckOptions): void {
  const text = (paint: TextOptions['paint']): string => toText(report, { max, suppressed: showSuppressed ?? false, paint });
  const formats = {
    text: () => text(out === undefined ? paint() : unpainted),
    json: () => toJson(report),
    sarif: () => toSarif(report, version),
    gitlab: () => toCodeQuality(report),
  };
  const formatted = formats[format]();
  if (out === undefined) return void process.stdout.write(formatted);
  writeReport(out, formatted);
  process.stdout.write(text(paint()));
}

const colours = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

const unpainted: TextOptions['paint'] = (_severity, text) => text;
const paint = (): TextOptions['paint'] => (hasColours() ? (severity, text) => styleText(colours[severity], text) : unpainted);

const failsOn = ({ findings }: Outcome, least: Severity | 'never'): boolean =>
  least !== 'never' && findings.some(({ severity }) => isAtLeast(severity, least));

function listRules(all: readonly Rule[]): number {
  for (const { code, severity, summary } of all) process.stdout.write(`${code.padEnd(36)} ${severity.padEnd(8)} ${summary}\n`);
  return 0;
}
