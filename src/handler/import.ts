import { error } from '../common/diagnostic';
import type { Value, ValueRecord } from '../common/value';
import { idOf, type ResourceDefinition } from '../schema/resource';
import { type Compiled, identityOf } from './compiled';
import type { ImportAnswer, ImportRequest } from './provider';
import { valuesOf } from './read';
import type { Session } from './session';

/** Takes an object that is on the server into the state, by id or by identity. */
export async function importState(session: Session, request: ImportRequest): Promise<ImportAnswer> {
  const compiled = session.catalog.resource(request.type);
  const key = request.identity ? keyOfIdentity(compiled, request.identity) : parseId(compiled, request.id);
  if (!key || !fits(compiled, key)) return refused('Invalid Import Id', wrongId(compiled, request));
  const { client } = session.connected();
  const object = await compiled.definition.binding.read(client, key);
  if (!object)
    return refused(
      'Nothing to Import',
      `The server has no ${request.type} "${idOf(key)}". Check the name and the endpoint (${client.endpoint}).`,
    );
  const start = Object.fromEntries(
    compiled.fields.flatMap(({ name }) => (compiled.key.includes(name) ? [[name, key[compiled.key.indexOf(name)] as Value]] : [])),
  );
  const observed = valuesOf({ compiled, object, endpoint: client.endpoint }, start);
  if ('diagnostic' in observed) return { imported: [], diagnostics: [observed.diagnostic] };
  return { imported: [{ type: request.type, state: observed.values, identity: identityOf(compiled, observed.values) }], diagnostics: [] };
}

/** The parts of an id; the last one may contain slashes. */
function parseId({ key }: Compiled<ResourceDefinition>, id: string): string[] | undefined {
  const parts = id.split('/');
  const head = parts.slice(0, key.length - 1);
  const all = [...head, parts.slice(key.length - 1).join('/')];
  const single = key.length === 1 && id.includes('/');
  return all.length === key.length && all.every((part) => part !== '') && !single ? all : undefined;
}

/** What could not be configured cannot be imported; a path with `..` in it would ask for something else. */
function fits({ key, fields }: Compiled<ResourceDefinition>, parts: readonly string[]): boolean {
  return key.every((name, index) => fields.find((field) => field.name === name)?.type.safeParse(parts[index]).success === true);
}

function keyOfIdentity({ key }: Compiled<ResourceDefinition>, identity: ValueRecord): string[] | undefined {
  const parts = key.map((name) => identity[name]);
  return parts.every((part) => typeof part === 'string' && part !== '') ? (parts as string[]) : undefined;
}

function wrongId({ key, definition }: Compiled<ResourceDefinition>, { id }: ImportRequest): string {
  const form = key.map((name) => `<${name}>`).join('/');
  return `"${id}" does not name a ${definition.type}; the id has the form ${form}, e.g. terraform import ${definition.type}.example '${key.map((name) => `my-${name}`).join('/')}'.`;
}

const refused = (summary: string, detail: string): ImportAnswer => ({ imported: [], diagnostics: [error(summary, detail)] });
