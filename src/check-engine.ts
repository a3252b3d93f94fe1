import { join } from 'node:path';
import { check } from './checks/check';
import type { Rule } from './checks/define/rule';
import type { CheckEngine, RuleSelection } from './checks/engine';
import { rules } from './checks/gen/rules';
import { Estate } from './checks/model/estate';
import { readStack } from './checks/stacks';
import { passesChecks } from './matchers/checks';
import { deploysCleanly } from './matchers/deployment';
import type { MatcherEngine } from './matchers/engine';
import { findRepository } from './matchers/repositories';
import { KnownProviders } from './plans/known';
import { loaders } from './resources/load';
import type { ProviderDefinition } from './schema/define';

const definitions = (): readonly ProviderDefinition[] => Object.values(loaders).map((load) => load());

/** Every definition that we have, and those of other providers. */
export const knownProviders = (others: readonly ProviderDefinition[] = []): KnownProviders =>
  new KnownProviders([...definitions(), ...others]);

/** Checks synthesized stacks: what `RegistryChecks` does in an app. */
export const checkStacks: CheckEngine['checkStacks'] = (stacks, selection = {}) => {
  const known = knownProviders();
  const read = stacks.map((stack) => {
    const parsed = readStack(stack, known);
    if ('problem' in parsed) throw new Error(`the stack "${stack.name}" cannot be checked: ${parsed.problem}`);
    return parsed.value;
  });
  return check({
    estate: new Estate(read.map(({ input }) => input)),
    suppressions: read.flatMap(({ suppressions }) => suppressions),
    ...selectedRules(selection),
  });
};

/** The rules to run, and the others. Throws for names that no rule has, or two have. */
export function selectedRules({ rules: own = [], except = [] }: RuleSelection): {
  readonly rules: readonly Rule[];
  readonly otherRules: readonly Rule[];
} {
  const all = [...rules, ...own];
  const codes = all.map(({ code }) => code);
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice !== undefined) throw new Error(`there are two rules named "${twice}"; rename one`);
  const unknown = except.find((code) => !codes.includes(code));
  if (unknown !== undefined) throw new Error(`unknown rule "${unknown}"; expected one of ${codes.join(', ')}`);
  return { rules: all.filter(({ code }) => !except.includes(code)), otherRules: all.filter(({ code }) => except.includes(code)) };
}

/** Finds a repository in a stack: what `toHaveRepository` does. */
export const toHaveRepository: MatcherEngine['toHaveRepository'] = (text, expected, utilities) =>
  findRepository(text, expected, { ...utilities, providers: definitions() });

/** What `toPassChecks` does. */
export const toPassChecks: MatcherEngine['toPassChecks'] = (stacks, only, options) =>
  passesChecks(checkStacks(stacks, { except: options.ignore ?? [] }), only, options);

/** What `toDeployCleanly` does; this file lies beside the folder with the command, in the sources and in the library. */
export const toDeployCleanly: MatcherEngine['toDeployCleanly'] = (stacks, folder, options) =>
  deploysCleanly(stacks, { providers: definitions(), folder, command: join(__dirname, '../dist/repoform.js'), options });
