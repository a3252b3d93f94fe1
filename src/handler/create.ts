import type { ObjectQuery } from '../client/reader';
import { idOf } from '../schema/define/definition';
import { error, type Diagnostic } from '../common/diagnostic';
import { snakeCase } from '../common/names';
import { knownParts, type ValueRecord } from '../common/value';
import { ApiError, HookError, PartialCreateError } from '../schema/define/errors';
import type { JsonObject } from '../schema/define/json';
import { toApi } from '../schema/api/to-api';
import { identityOf } from './compiled';
import { differences } from './differences';
import { sentence, toDiagnostic } from './funnel';
import { whereabouts } from './gone';
import { resolveUnknown } from './plan-values';
import type { StateAnswer } from './provider';
import { managed, otherKind, readableFields, unexpected, valuesOf, withoutKey } from './read';
import { type Applying, remember, settled, withSecrets } from './settle';

/**
 * Creates an object; never takes over an existing one (decision 15). If the response is lost, the object is read, and
 * considered ours only if everything readable matches what was sent.
 */
export async function create(applying: Applying, planned: ValueRecord): Promise<StateAnswer> {
  const { connection, client, compiled, key } = applying;
  const { binding, type } = compiled.definition;
  const doing = `create ${type} "${idOf(key)}"`;
  let returned: JsonObject | undefined;
  try {
    const adopting = adopts(applying, planned);
    const there = await found(applying, planned, adopting);
    const adopted = there !== undefined && adopting;
    if (there && (!adopted || otherKind(compiled.definition, there)))
      return { state: null, diagnostics: [inTheWay(applying, planned, there)] };
    const values = await withSecrets(applying, planned);
    returned = await connection.reader.writing(binding, { key, hints: knownParts(planned) }, () =>
      adopted
        ? binding.update(client, { key, body: toApi(compiled.fields, values), values, tell: applying.tell })
        : sendOnce(applying, planned, values),
    );
  } catch (thrown) {
    if (thrown instanceof PartialCreateError) return half(applying, planned, toDiagnostic(thrown.cause, `complete ${keptAs(applying)}`));
    if (thrown instanceof ApiError && thrown.code === 'conflict')
      return { state: null, diagnostics: [await taken(applying, planned, thrown)] };
    return { state: null, diagnostics: [toDiagnostic(thrown, doing)] };
  }
  try {
    const whole = returned && readableFields(compiled).every((field) => Object.hasOwn(returned as JsonObject, field));
    const object = whole ? returned : (managed(binding, await binding.read(client, key, knownParts(planned)), planned) ?? returned);
    if (!object)
      return await half(
        applying,
        planned,
        error(
          'Created Object Not Found',
          `The server reported that it created ${type} "${idOf(key)}", but then that it does not exist. It is kept in the state as tainted; ${ways(applying)}.`,
        ),
      );
    return await settled(applying, planned, { object, known: knownParts(planned) });
  } catch (thrown) {
    return half(applying, planned, toDiagnostic(thrown, `read back ${keptAs(applying)}`));
  }
}

/** The existing object of that name. One that may be taken over is also read individually, because lists hide some objects. */
async function found({ connection, compiled, key }: Applying, planned: ValueRecord, adopting: boolean): Promise<JsonObject | undefined> {
  const { binding } = compiled.definition;
  if (binding.alwaysExists) return undefined;
  const wanted: ObjectQuery = { key, hints: knownParts(planned) };
  const { reader } = connection;
  return managed(binding, await (adopting ? reader.findConfirmed(binding, wanted) : reader.findListed(binding, wanted)), planned);
}

/** Whether the configuration asks to take over an existing object. */
function adopts({ compiled }: Applying, planned: ValueRecord): boolean {
  const { adoptAttribute } = compiled.definition;
  return adoptAttribute !== undefined && planned[snakeCase(adoptAttribute)] === true;
}

async function sendOnce(applying: Applying, planned: ValueRecord, values: ValueRecord): Promise<JsonObject | undefined> {
  const { connection, client, compiled, key } = applying;
  const { binding } = compiled.definition;
  const body = toApi(compiled.fields, values);
  const attempt = async (left: number): Promise<JsonObject | undefined> => {
    try {
      return await binding.create(client, { key, body, values, tell: applying.tell });
    } catch (thrown) {
      const lost = thrown instanceof ApiError && thrown.outcomeUnknown;
      if (!lost && !(thrown instanceof HookError)) throw thrown;
      // Reads even if the timeout of the create has expired.
      const object = managed(binding, await binding.read(connection.client, key, knownParts(planned)), planned);
      const ours = object !== undefined && (await isOurs(applying, planned, object));
      // A hook may have created the object before it failed.
      if (!lost) throw ours ? new PartialCreateError(thrown) : thrown;
      if (ours) return object;
      // If nothing exists, the request was lost before it took effect. Anything else is somebody else's object and a conflict.
      if (!object && thrown.status === undefined && left > 0) return attempt(left - 1);
      throw object ? new ApiError(thrown.message, { code: 'conflict', method: thrown.method, url: thrown.url, cause: thrown }) : thrown;
    }
  };
  return attempt(2);
}

async function isOurs({ compiled, connection }: Applying, planned: ValueRecord, object: JsonObject): Promise<boolean> {
  const observed = await valuesOf({ compiled, object, server: connection.client }, knownParts(planned));
  return 'values' in observed && differences(compiled, planned, observed.values).length === 0;
}

/** Saves a partial create, so that nothing is orphaned; the error makes core mark it as tainted. */
async function half(applying: Applying, planned: ValueRecord, diagnostic: Diagnostic): Promise<StateAnswer> {
  const state = resolveUnknown(applying.compiled.fields, planned, undefined);
  return {
    state,
    private: await remember(applying, planned, {}),
    identity: identityOf(applying.compiled, state),
    diagnostics: [diagnostic],
  };
}

const keptAs = (applying: Applying): string =>
  `${applying.compiled.definition.type} "${idOf(applying.key)}", which was created and is kept in the state as tainted (${ways(applying)})`;

/** An undeletable object cannot be replaced. */
const ways = ({ compiled }: Applying): string =>
  compiled.definition.undeletable ? 'untaint it and apply again' : 'untaint it, or apply again to replace it';

/** A conflict means either an object that can be imported, or a name that something else uses. */
async function taken({ connection, compiled, key }: Applying, planned: ValueRecord, conflict: ApiError): Promise<Diagnostic> {
  const { binding, type } = compiled.definition;
  const object = await binding.read(connection.client, key, knownParts(planned)).catch(() => undefined);
  if (!object) {
    const elsewhere = await whereabouts(binding, connection.client, key);
    if (elsewhere === undefined) return toDiagnostic(conflict, `create ${type} "${idOf(key)}"`);
    return error('Already on the Server', `Cannot create ${type} "${idOf(key)}": ${sentence(conflict.message)} ${elsewhere}`);
  }
  return inTheWay({ compiled, key }, planned, object);
}

/** The message for an object that should not exist yet. */
function inTheWay({ compiled, key }: Pick<Applying, 'compiled' | 'key'>, planned: ValueRecord, object: JsonObject): Diagnostic {
  const nameless = withoutKey(compiled, planned, object);
  if (nameless !== undefined) return unexpected(compiled.definition.type, `it has no ${nameless}`);
  return otherKind(compiled.definition, object) ?? exists(compiled.definition.type, key);
}

const exists = (type: string, key: readonly string[]): Diagnostic =>
  error(
    'Already on the Server',
    `The ${type} "${idOf(key)}" already exists on the server, but not in this state; it was not changed. Import it with\n  terraform import ${type}.<name in your configuration> '${idOf(key)}'\n(in TypeScript: resource.importFrom("${idOf(key)}")), or choose another name.`,
    undefined,
  );
