import { join } from 'node:path';
import { check } from './checks/check';
import type { Rule } from './checks/define/rule';
import type { CheckEngine, RuleSelection, StackText } from './checks/engine';
import { rules } from './checks/gen/rules';
import { Estate } from './checks/model/estate';
import { type Read, readStack } from './checks/stacks';
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

/** Checks synthesized stacks. */
export const checkStacks: CheckEngine['checkStacks'] = (stacks, selection = {}) => {
  const { estate, read } = new ReadStacks().all(stacks);
  return check({ estate, suppressions: read.flatMap(({ suppressions }) => suppressions), ...selectedRules(selection) });
};

/** What `RegistryChecks` does in an app. */
export const stackChecks: CheckEngine['stackChecks'] = () => {
  const stacks = new ReadStacks();
  return {
    check: (texts, only, selection = {}) => {
      const { estate, read } = stacks.all(texts);
      const suppressions = read.filter(({ input }) => input.name === only).flatMap((one) => one.suppressions);
      return check({ estate, suppressions, only, ...selectedRules(selection) });
    },
  };
};

/** Stacks that are read; those whose texts did not change are as before. */
class ReadStacks {
  private readonly known = knownProviders();
  private texts: readonly string[] = [];
  private last: { readonly estate: Estate; readonly read: readonly Read[] } = { estate: new Estate([]), read: [] };

  all(stacks: readonly StackText[]): ReadStacks['last'] {
    const texts = stacks.map(({ name, text }) => `${name}\n${text}`);
    if (texts.length === this.texts.length && texts.every((text, index) => text === this.texts[index])) return this.last;
    const before = new Map(this.texts.map((text, index) => [text, this.last.read[index]]));
    const read = stacks.map((stack, index) => before.get(texts[index] ?? '') ?? this.read(stack));
    this.texts = texts;
    return (this.last = { read, estate: new Estate(read.map(({ input }) => input)) });
  }

  private read(stack: StackText): Read {
    const parsed = readStack(stack, this.known);
    if ('problem' in parsed) throw new Error(`the stack "${stack.name}" cannot be checked: ${parsed.problem}`);
    return parsed.value;
  }
}

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
