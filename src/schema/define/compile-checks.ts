import { camelCase, snakeCase } from '../../common/names';
import type { Diagnostic } from '../../common/diagnostic';
import type { Value } from '../../common/value';
import type { Attributes } from './attribute';
import { type HookSource, keyConverter } from './compile';
import type { Check, Contents, DeleteGuard, PlanCheck, StateUpgrader } from './definition';
import type { CheckHook, PlanCheckHook, UpgradeHook } from './hooks';
import type { ContentsHooks, DeleteGuardHooks } from './resource';
import { isJsonObject } from './json';
import { serverCall } from './server';
import type { Field, Shape } from './shape';
import { hookValues, hookView, terraformDiagnostic } from './values';

type Fields = () => readonly Field[];

/** A check as the handler calls it. */
export const compileCheck =
  (check: CheckHook<Attributes>, fields: Fields): Check =>
  (config) =>
    translated(check(hookView(fields(), config) as never));

/** A check at plan as the handler calls it. */
export const compilePlanCheck =
  (check: PlanCheckHook<Attributes>, fields: Fields): PlanCheck =>
  async (values, context, prior) => {
    const planned = hookValues(fields(), values) as never;
    const found = await check({ ...context, planned, ...(prior && { prior: hookValues(fields(), prior) as never }) });
    return translated(found);
  };

/** Diagnostics under Terraform's names; anything else is passed on for the handler to report. */
export const translated = (found: readonly Diagnostic[]): readonly Diagnostic[] =>
  Array.isArray(found) ? found.map(terraformDiagnostic) : found;

/** A delete guard, as the handler calls it. */
export const compileGuard = (source: HookSource, guard: DeleteGuardHooks<Attributes, string>, fields: Fields): DeleteGuard => ({
  allow: guard.allow,
  childType: guard.childType,
  list: (server, key) => guard.list({ ...serverCall(server), key: keyConverter(source).named(key) as never }),
  uncopied: (values) => guard.uncopied?.(hookValues(fields(), values) as never),
});

/** How files are copied, as the handler calls it. */
export function compileContents(source: HookSource, contents: ContentsHooks<Attributes, string>): Contents {
  const named = (key: readonly string[]): never => keyConverter(source).named(key) as never;
  return {
    list: (client, container) => contents.list({ client, key: named([...container, '']) }),
    request: (key) => contents.request(named(key)),
    upload: (client, key, copy) => contents.upload({ ...copy, client, key: named(key) }),
  };
}

/** An upgrader as the handler calls it: on JSON under Terraform's names. */
export const compileUpgrader =
  (upgrade: UpgradeHook, fields: Fields): StateUpgrader =>
  (state) => {
    const next = upgrade(renamed(state, { fields: fields(), to: 'key' }));
    // Anything but an object is passed on for the handler to report.
    return isJsonObject(next) && !(next instanceof Promise) ? renamed(next, { fields: fields(), to: 'name' }) : next;
  };

interface Renaming {
  readonly fields: readonly Field[];
  /** The kind of name that comes out. */
  readonly to: 'key' | 'name';
}

function renamed(state: Readonly<Record<string, unknown>>, { fields, to }: Renaming): Readonly<Record<string, unknown>> {
  const from = to === 'key' ? 'name' : 'key';
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => {
      const field = fields.find((one) => one[from] === name);
      return [field ? field[to] : to === 'key' ? camelCase(name) : snakeCase(name), field ? inner(field.shape, value, to) : value];
    }),
  );
}

function inner(shape: Shape, value: unknown, to: Renaming['to']): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (shape.kind === 'object') return renamed(value as Readonly<Record<string, unknown>>, { fields: shape.fields, to });
  if (!('element' in shape)) return value;
  if (Array.isArray(value)) return value.map((item) => inner(shape.element, item, to));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(shape.element, item as Value, to)]));
}
