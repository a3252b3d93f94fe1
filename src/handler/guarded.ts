import type { Diagnostic } from '../common/diagnostic';
import { isRecord } from '../common/value';
import type { ApiClient, Binding, ListBinding, ObjectKey, Write } from '../schema/define/binding';
import type { ActionDefinition, Check, DataSourceDefinition, EphemeralDefinition, ResourceDefinition } from '../schema/define/definition';
import { idOf } from '../schema/define/definition';
import { isJsonObject, type JsonObject } from '../schema/define/json';
import type { Facts } from '../schema/define/attribute';
import type { Field } from '../schema/define/shape';
import { describe, type HookGuard } from './hook-guard';
import { type Attempt, naming } from './refusal';

type Wrong = (answer: unknown) => string | undefined;

/** Describes a return value of the wrong type. */
const unless =
  (fits: (answer: unknown) => boolean, wanted: string): Wrong =>
  (answer) =>
    fits(answer) ? undefined : `${describe(answer)}; it must return ${wanted}`;

/** A promise is not an object. */
const isObject = (value: unknown): value is JsonObject => isJsonObject(value) && !(value instanceof Promise);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isDiagnostic = (value: unknown): value is Diagnostic =>
  isRecord(value as never) && isText((value as Diagnostic).summary) && isText((value as Diagnostic).detail);

/** Describes a value that is neither a string nor undefined. */
export const textOrNothing = unless((answer) => answer === undefined || isText(answer), 'a string, or undefined');
/** Describes a value that is not a list of strings. */
export const texts = unless(isTexts, 'a list of strings');
const objectOrNothing = unless(
  (answer) => answer === undefined || isObject(answer),
  'a JSON object in the format of the API, or undefined if there is none',
);
const isObjects = (answer: unknown): boolean => Array.isArray(answer) && answer.every(isObject);
const objectsOrNothing = unless((answer) => answer === undefined || isObjects(answer), 'lists of JSON objects');
const objects = unless(isObjects, 'a list of JSON objects');
const diagnostics = unless(
  (answer) => Array.isArray(answer) && answer.every(isDiagnostic),
  'a list of diagnostics: error(...) or warning(...)',
);

/** A resource whose hooks report failures by name. */
export function guardedResource(guard: HookGuard, definition: ResourceDefinition): ResourceDefinition {
  const { type, binding, checks, planChecks, upgraders, deleteGuard, undeletable } = definition;
  return {
    ...definition,
    binding: guardedBinding(guard, definition, binding),
    ...(checks && { checks: guardedChecks(guard, type, checks) }),
    ...(planChecks && {
      planChecks: planChecks.map((check, index) => async (values, context, prior) => {
        const hook = { name: `planChecks[${index}] of ${type}${shownName(values)}`, wrong: diagnostics };
        return (await guard.later(hook, () => check(values, context, prior))).map((one) => guard.cleaned(one));
      }),
    }),
    ...(upgraders && {
      upgraders: upgraders.map(
        (upgrade, index) => (state) => guard.now({ name: `upgraders[${index}] of ${type}`, wrong: anyObject }, () => upgrade(state)),
      ),
    }),
    ...(deleteGuard && {
      deleteGuard: {
        ...deleteGuard,
        list: (server, key) =>
          guard.later({ name: `deleteGuard of ${of(type, key)}`, wrong: texts }, () =>
            naming(definition, { operation: 'delete', key }, () => deleteGuard.list(server, key)),
          ),
      },
    }),
    ...(undeletable && {
      undeletable: (state) =>
        guard.cleaned(
          guard.now({ name: `undeletable of ${type}${shownName(state)}`, wrong: unless(isDiagnostic, 'a diagnostic') }, () =>
            undeletable(state),
          ),
        ),
    }),
  };
}

const anyObject = unless(isObject, 'the state as an object');

/** A data source whose hooks report failures by name. */
export function guardedDataSource(guard: HookGuard, definition: DataSourceDefinition): DataSourceDefinition {
  const { type, checks } = definition;
  return {
    ...definition,
    ...(checks && { checks: guardedChecks(guard, `data source ${type}`, checks) }),
    read: (server, config) =>
      guard.later({ name: `read of data source ${type}${shownName(config)}`, wrong: objectOrNothing }, () =>
        naming(definition, { operation: 'read', values: config }, () => definition.read(server, config)),
      ),
  };
}

/** An ephemeral resource whose hooks report failures by name. */
export function guardedEphemeral(guard: HookGuard, definition: EphemeralDefinition): EphemeralDefinition {
  const { checks, renew, close } = definition;
  const type = `ephemeral ${definition.type}`;
  const opened = unless(
    (answer) => isObject(answer) && isObject(answer['result']) && isText(answer['what']),
    '{ result, what, private?, renewAt? }',
  );
  return {
    ...definition,
    ...(checks && { checks: guardedChecks(guard, type, checks) }),
    open: (server, config) =>
      guard.later({ name: `open of ${type}`, wrong: opened }, () =>
        naming(definition, { operation: 'open', values: config }, () => definition.open(server, config)),
      ),
    ...(renew && {
      renew: (server, kept) =>
        guard.later({ name: `renew of ${type}`, wrong: unless(isObject, '{ private?, renewAt? }') }, () =>
          renew.call(definition, server, kept),
        ),
    }),
    ...(close && {
      close: (server, kept) =>
        guard.later({ name: `close of ${type}` }, () =>
          naming(definition, { operation: 'close' }, () => close.call(definition, server, kept)),
        ),
    }),
  };
}

/** An action whose hooks report failures by name. */
export function guardedAction(guard: HookGuard, definition: ActionDefinition): ActionDefinition {
  const { checks, planChecks } = definition;
  const type = `action ${definition.type}`;
  return {
    ...definition,
    ...(checks && { checks: guardedChecks(guard, type, checks) }),
    ...(planChecks && {
      planChecks: planChecks.map((check, index) => async (config, context) => {
        const hook = { name: `planChecks[${index}] of ${type}`, wrong: diagnostics };
        return (await guard.later(hook, () => check(config, context))).map((one) => guard.cleaned(one));
      }),
    }),
    invoke: (server, config) =>
      guard.later({ name: `invoke of ${type}` }, () =>
        naming(definition, { operation: 'invoke', values: config }, () => definition.invoke(server, config)),
      ),
  };
}

/** Fields whose functions report failures by name. Fields without functions are returned unchanged. */
export function guardedFields(guard: HookGuard, type: string, fields: readonly Field[]): readonly Field[] {
  if (!fields.some(({ facts }) => facts.derive ?? facts.mayChange)) return fields;
  return fields.map((field) => {
    const { derive, mayChange } = field.facts;
    if (!derive && !mayChange) return field;
    const named = (member: string): { name: string } => ({ name: `${member}.${field.key} of ${type}` });
    const facts: Facts = {
      ...field.facts,
      ...(derive && { derive: (values, context) => guard.later(named('derived'), () => derive(values, context)) }),
      ...(mayChange && {
        mayChange: (values, prior, context) => guard.later(named('volatile'), () => mayChange(values, prior, context)),
      }),
    };
    return { ...field, facts };
  });
}

const guardedChecks = (guard: HookGuard, type: string, checks: readonly Check[]): readonly Check[] =>
  checks.map(
    (check, index) => (config) =>
      guard
        .now({ name: `checks[${index}] of ${type}${shownName(config)}`, wrong: diagnostics }, () => check(config))
        .map((one) => guard.cleaned(one)),
  );

function guardedBinding(guard: HookGuard, definition: ResourceDefinition, binding: Binding): Binding {
  const { type } = definition;
  const stating =
    <T>(attempt: Attempt, call: () => Promise<T>) =>
    (): Promise<T> =>
      naming(definition, attempt, call);
  const hook = (name: string, key: ObjectKey): { name: string; wrong: Wrong } => ({
    name: `${name} of ${of(type, key)}`,
    wrong: objectOrNothing,
  });
  const { managedSubset, elsewhere, importKey, list } = binding;
  return {
    ...binding,
    read: (client, key, known) =>
      guard.later(
        hook('read', key),
        stating({ operation: 'read', key, values: known }, () => binding.read(client, key, known)),
      ),
    create: (client, write) =>
      guard.later(
        hook('create', write.key),
        stating({ operation: 'create', ...write }, () => binding.create(client, telling(guard, write))),
      ),
    update: (client, write) =>
      guard.later(
        hook('update', write.key),
        stating({ operation: 'update', ...write }, () => binding.update(client, telling(guard, write))),
      ),
    remove: (client, key, state) =>
      guard.later(
        { name: `remove of ${of(type, key)}` },
        stating({ operation: 'delete', key, values: state }, () => binding.remove(client, key, state)),
      ),
    ...(managedSubset && {
      managedSubset: (object, known) =>
        guard.now({ name: `managedSubset of ${type}`, wrong: objectOrNothing }, () => managedSubset.call(binding, object, known)),
    }),
    ...(elsewhere && {
      elsewhere: (client, key) =>
        guard.later({ name: `elsewhere of ${of(type, key)}`, wrong: textOrNothing }, () => elsewhere(client, key)),
    }),
    ...(importKey && {
      importKey: (client, id) => guard.later({ name: `importKey of ${type} "${id}"`, wrong: keys }, () => importKey(client, id)),
    }),
    ...(list && { list: guardedList(guard, definition, list) }),
  };
}

const keys = unless((answer) => answer === undefined || isTexts(answer), 'the key of the object, or undefined');

function guardedList(guard: HookGuard, definition: ResourceDefinition, list: ListBinding): ListBinding {
  const { type } = definition;
  const { except } = list;
  return {
    ...list,
    scope: (key, known) =>
      guard.now({ name: `list.scope of ${of(type, key)}`, wrong: unless(isText, 'a string') }, () => list.scope(key, known)),
    fetch: (client, key, known) =>
      guard.later({ name: `list.fetch of ${type}`, wrong: objects }, () =>
        naming(definition, { operation: 'list', key, values: known }, () => list.fetch(client, key, known)),
      ),
    async *pages(client, key, known) {
      const pages = list.pages(client, key, known)[Symbol.asyncIterator]();
      const next = async (): Promise<readonly JsonObject[] | undefined> => {
        const { done, value } = await pages.next();
        return done ? undefined : (value as readonly JsonObject[]);
      };
      const page = { name: `list.fetch of ${type}`, wrong: objectsOrNothing };
      const one = (): Promise<readonly JsonObject[] | undefined> =>
        guard.later(page, () => naming(definition, { operation: 'list', key, values: known }, next));
      try {
        for (let entries = await one(); entries; entries = await one()) yield entries;
      } finally {
        await pages.return?.();
      }
    },
    keyOf: (entry, key) => guard.now({ name: `list.keyOf of ${type}`, wrong: keys }, () => list.keyOf(entry, key)),
    ...(except && {
      except: {
        why: except.why,
        matches: (client: ApiClient, entry: JsonObject) =>
          guard.now({ name: `list.except of ${type}`, wrong: unless((answer) => typeof answer === 'boolean', 'true or false') }, () =>
            except.matches(client, entry),
          ),
      },
    }),
    ...(list.scopes && {
      scopes: (client: ApiClient) =>
        guard.later(
          { name: `list.scopes of ${type}`, wrong: unless(Array.isArray, 'a list of objects') },
          () => list.scopes?.(client) ?? Promise.resolve([]),
        ),
    }),
  };
}

/** A write whose hook may tell something, without secrets. */
const telling = (guard: HookGuard, write: Write): Write => ({ ...write, tell: (diagnostic) => write.tell?.(guard.cleaned(diagnostic)) });

const of = (type: string, key: ObjectKey): string => `${type} "${idOf(key)}"`;

/** The name of an object whose key is not available. */
function shownName(values: Readonly<Record<string, unknown>>): string {
  return isText(values['name']) ? ` "${values['name']}"` : '';
}
