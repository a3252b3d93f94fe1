import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { knownProviders, selectedRules } from '../check-engine';
import { checkWithServers } from '../checks/check';
import type { Rule, Severity } from '../checks/define';
import { isAtLeast, type Outcome } from '../checks/findings';
import { rules as ownRules } from '../checks/gen/rules';
import { Estate } from '../checks/model/estate';
import { toJson } from '../checks/output/json';
import type { Report } from '../checks/output/report';
import { toSarif } from '../checks/output/sarif';
import { toText } from '../checks/output/text';
import { suppressionsOf } from '../checks/suppression-file';
import type { Suppression } from '../checks/suppressions';
import { version } from '../common/version';
import type { CheckOptions } from './check';
import { type CheckInput, checkInput } from './check-input';
import { rulesOf } from './check-rules';
import { connectServers } from './check-server';
import { detailsOf, Failure, lineOf } from './failure';

const found = 1;
const notChecked = 2;
const usualFile = 'repoform.check.json';

/** Checks, and prints what was found; answers the exit code. Nothing that keeps it from checking looks like a finding. */
export async function runCheck(what: string | undefined, options: CheckOptions): Promise<number> {
  try {
    const own = (await Promise.all((options.rules ?? []).map(rulesOf))).flat();
    if (options.listRules) return listRules([...ownRules, ...own]);
    const known = knownProviders();
    const input = await checkInput(what, options, known);
    const outcome = await outcomeOf(input, options, own);
    if (outcome.resources === 0) process.stderr.write('no resource of a provider of repoform was found, so there was little to check\n');
    write({ ...input, outcome }, options);
    return failsOn(outcome, options.failOn) ? found : 0;
  } catch (thrown) {
    process.stderr.write(`repoform: ${lineOf(thrown)}\n${detailsOf(thrown)}`);
    return notChecked;
  }
}

async function outcomeOf({ read }: CheckInput, options: CheckOptions, own: readonly Rule[]): Promise<Outcome> {
  const estate = new Estate(read.map(({ input }) => input));
  const suppressions = [...read.flatMap((one) => one.suppressions), ...suppressionsAt(options.suppressions)];
  const selected = selectedRules({ rules: own, except: options.except ?? [] });
  const used = new Set(estate.resources.map(({ provider }) => provider));
  const servers = await connectServers(options.endpoint ?? [], used);
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
  const text = (): string => toText(report, { max, suppressed: showSuppressed ?? false });
  const formatted = { text, json: () => toJson(report), sarif: () => toSarif(report, version) }[format]();
  if (out === undefined) return void process.stdout.write(formatted);
  try {
    writeFileSync(out, formatted);
  } catch (cause) {
    throw new Failure(`${out} cannot be written: ${(cause as Error).message}`);
  }
  process.stdout.write(text());
}

const failsOn = ({ findings }: Outcome, least: Severity | 'never'): boolean =>
  least !== 'never' && findings.some(({ severity }) => isAtLeast(severity, least));

function listRules(all: readonly Rule[]): number {
  for (const { code, severity, summary } of all) process.stdout.write(`${code.padEnd(36)} ${severity.padEnd(8)} ${summary}\n`);
  return 0;
}
