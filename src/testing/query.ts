import { isRecord, type Value, type ValueRecord } from '../common/value';
import { BrokenRule, complete, type Core, dynamic, failed, told, type Told, value } from './core';
import { stateProblems } from './core-rules';

/** An object that a query found. */
export interface Found {
  readonly identity: ValueRecord;
  readonly displayName: string;
  /** Its values, where they were asked for. */
  readonly state?: ValueRecord;
}

/** What is asked for. */
export interface Query {
  readonly type: string;
  /** The `config` block. @default empty */
  readonly config?: ValueRecord;
  /** Whether the values are wanted. @default false */
  readonly include?: boolean;
  /** @default 100, as core has it */
  readonly limit?: number;
}

/** Lists objects as `terraform query` does, and holds the provider to what core expects of it. */
export async function query(
  core: Core,
  { type, config = {}, include = false, limit = 100 }: Query,
): Promise<{ found: Found[]; told: Told[] }> {
  const block = core.provider.schema().listResources[type]?.block;
  if (!block) throw new Error(`${type} cannot be listed`);
  const given = dynamic(complete(block.attributes, config));
  const checked = told((await core.client.call('ValidateListResourceConfig', { typeName: type, config: given })).diagnostics);
  if (failed(checked)) return { found: [], told: checked };
  const found: Found[] = [];
  const said = [...checked];
  const request = { typeName: type, config: given, includeResourceObject: include, limit };
  for (const event of await core.client.stream('ListResource', request)) {
    said.push(...told(event.diagnostic));
    if (failed(said)) break;
    if (found.length === limit) throw new BrokenRule(`${type}: an event came after the limit of ${limit}`);
    const identity = value(event.identity?.identityData);
    if (!isRecord(identity)) {
      if (event.diagnostic.length > 0) continue;
      throw new BrokenRule(`${type}: an event has neither an identity nor a diagnostic`);
    }
    const state = value(event.resourceObject);
    const problems = [...identityProblems(core, type, identity), ...stateProblems(core.attributes(type), state)];
    if (include !== isRecord(state)) problems.push(`the resource object was ${include ? '' : 'not '}asked for`);
    if (problems.length > 0) throw new BrokenRule(`${type}, list: ${problems.join('; ')}`);
    found.push({ identity, displayName: event.displayName, ...(isRecord(state) && { state }) });
  }
  return { found, told: said };
}

function identityProblems(core: Core, type: string, identity: ValueRecord): string[] {
  const attributes = core.provider.schema().identities[type]?.attributes ?? [];
  const names = attributes.map(({ name }) => name);
  return [
    ...Object.keys(identity).flatMap((name) => (names.includes(name) ? [] : [`the identity has "${name}", which is not in its schema`])),
    ...attributes.flatMap(({ name, requiredForImport }) =>
      requiredForImport && typeof identity[name] !== 'string' ? [`the identity has no "${name}"`] : [],
    ),
  ];
}

/** The configuration that the provider generates for a state. */
export async function generated(core: Core, type: string, state: Value): Promise<{ config: Value; told: Told[] }> {
  const answer = await core.client.call('GenerateResourceConfig', { typeName: type, state: dynamic(state) });
  return { config: value(answer.config), told: told(answer.diagnostics) };
}
