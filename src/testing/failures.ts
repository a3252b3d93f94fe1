import { isRecord, type Value } from '../common/value';
import { toTerraform } from '../schema/derive/to-terraform';
import { changed, type Instance, type Planned, type Told } from './core';
import { hiddenNames, show } from './core-rules';
import type { Subject } from './subject';

/** A point in the life of a resource at which something is checked, e.g. `plan after create`. */
export interface Step {
  readonly subject: Subject;
  readonly step: string;
  /** Names of attributes that may differ. @default none */
  readonly except?: readonly string[];
}

/** What a refresh found and the plan after it. */
export interface FreshPlan extends Planned {
  /** The state before the refresh. */
  readonly before: Value;
  readonly drift: readonly string[];
  readonly told: readonly Told[];
}

const cause = `A likely cause is the attribute's name in the API: a wrong "api" or "apiCase" in the definition reads and writes another field.`;

/** Throws an error that says the resource, the step and each problem; does nothing if there is none. */
export function hold({ subject, step }: Step, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const failure = new Error([`${subject.type}, ${step}:`, ...problems.map((problem) => `  ${problem}`), cause].join('\n'));
  // The place in the test is of use, this one is not.
  Error.captureStackTrace(failure, hold);
  throw failure;
}

/** Holds if a refresh found no change, and the plan after it has none. */
export function holdSettled(at: Step, plan: FreshPlan): void {
  const read = plan.prior?.state ?? null;
  hold(at, [
    ...problemsOfMessages(plan.told),
    ...(read === null ? ['the read did not find the object; check "key" and the hook "read"'] : []),
    ...driftOf(at, plan),
    ...changesOf(at, plan, plan.changes),
    ...(plan.action === 'none' || plan.changes.length > 0 ? [] : [`the plan is to ${plan.action} the object, but nothing may change`]),
  ]);
}

/** Holds if the plan after a refresh has no changes. */
export function holdUnchanged(at: Step, plan: FreshPlan): void {
  hold(at, changesOf(at, plan, plan.changes));
}

/** Holds if a refresh found no change, and the plan after it changes exactly these attributes. */
export function holdChange(at: Step, plan: FreshPlan, names: readonly string[]): void {
  const missing = names.filter((name) => !plan.changes.includes(name));
  const further = plan.changes.filter((name) => !names.includes(name));
  hold(at, [
    ...driftOf(at, plan),
    ...missing.map((name) => `${name}: the configuration changes it, but the plan does not`),
    ...changesOf(at, plan, further).map((line) => `${line}, although the configuration does not change it`),
  ]);
}

/** Holds if the plan after an import neither finds changes nor plans them, and does not replace the object. */
export function holdImported(at: Step, plan: FreshPlan): void {
  hold(at, [
    ...driftOf(at, plan),
    ...changesOf(at, plan, plan.changes),
    ...(plan.action === 'replace' ? ['the plan is to replace the object'] : []),
  ]);
}

const driftOf = (at: Step, { before, prior, drift }: FreshPlan): string[] =>
  differences({ ...at, except: at.subject.unsteady() }, { one: ['in the state', before], other: received(prior) }, drift);
const changesOf = (at: Step, { prior, planned }: FreshPlan, names: readonly string[]): string[] =>
  differences(at, { one: received(prior), other: ['planned', planned] }, names);
const received = (prior: Instance | undefined): Compared['one'] => ['received from the server', prior?.state ?? null];

/** Holds if two states are the same. */
export function holdSame(at: Step, one: readonly [string, Instance], other: readonly [string, Instance]): void {
  const states = { one: [one[0], one[1].state], other: [other[0], other[1].state] } as const;
  hold(at, differences(at, states, changed(one[1].state, other[1].state)));
}

interface Compared {
  readonly one: readonly [what: string, values: Value];
  readonly other: readonly [what: string, values: Value];
}

/** A line for each attribute that differs; secrets are hidden. */
export function differences({ subject, except = [] }: Step, { one, other }: Compared, names: readonly string[]): string[] {
  const hidden = hiddenNames(toTerraform(subject.fields, subject.definition).attributes);
  const text = ([what, values]: Compared['one'], name: string): string =>
    `${what}: ${show(isRecord(values) ? (values[name] ?? null) : null, { hidden, path: name })}`;
  return names.filter((name) => !except.includes(name)).map((name) => `${name}: ${text(one, name)}, ${text(other, name)}`);
}

/** Diagnostics as lines. */
export const problemsOfMessages = (told: readonly Told[]): string[] =>
  told.map(({ severity, summary, detail, path }) => `${severity}${path === undefined ? '' : ` at ${path}`}: ${summary}: ${detail}`);
