import { type Diagnostic, error, warning } from '../common/diagnostic';
import { UNKNOWN, type ValueRecord } from '../common/value';
import { configurationOf } from '../schema/api/configuration';
import type { ResourceDefinition } from '../schema/define/definition';
import { ALLOW_WRITES } from '../schema/derive/to-list';
import { type Compiled, identityOf } from './compiled';
import { admit, CHECKED, KNOWN } from './door';
import { Listing } from './listing';
import type { ListEvent, ListRequest, TypedConfigRequest } from './provider';
import type { Session } from './session';
import { validateChecks, validateFields } from './validate';

/** Checks the `config` block of a list. */
export function checkList({ catalog }: Session, { type, config }: TypedConfigRequest): readonly Diagnostic[] {
  const { fields, definition } = catalog.list(type);
  const given = admit(fields, config ?? {}, CHECKED);
  return [...validateFields(fields, given), ...refusal(definition, given)];
}

/** Finds objects of a type. What cannot be found or read is a warning, which does not keep others from being found. */
export async function* listObjects(session: Session, request: ListRequest): AsyncGenerator<ListEvent, void> {
  const { type, includeObject, limit, signal } = request;
  const { fields, definition, key } = session.catalog.list(type);
  const given = admit(fields, request.config ?? {}, KNOWN);
  const refused = refusal(definition, given);
  if (refused.length > 0) return yield { diagnostics: refused };
  const { omits } = definition.binding.list ?? {};
  // What comes first comes even if the limit ends the rest.
  if (omits !== undefined) yield told(`Not in Any List: ${type}`, `The server's lists leave out ${omits}. Import those by hand.`);
  const filters = Object.entries(given).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  const others = filters.filter(([name]) => !key.includes(name));
  const excepted = new Set<string>();
  const wanted = {
    key: new Map(filters.filter(([name]) => key.includes(name))),
    keysOnly: !includeObject && others.length === 0,
    signal,
    excepted: (why: string) => void excepted.add(why),
  };
  const compiled = session.catalog.resource(type);
  const left = new LeftOut(type);
  let count = 0;
  for await (const one of new Listing(session).each(type, wanted)) {
    if (signal.aborted) return;
    if ('problem' in one) yield left.event(one);
    else if (others.every(([name, value]) => one.values[name] === value)) {
      const problem = includeObject ? inexpressible(compiled, one.values) : undefined;
      if (problem) yield left.event({ ...one, problem });
      else {
        const found = { identity: identityOf(compiled, one.values), displayName: one.id, ...(includeObject && { object: one.values }) };
        yield { found, diagnostics: [] };
        count += 1;
        if (count === limit) return;
      }
    }
  }
  for (const why of excepted) yield told(`Left Out: ${type}`, `${why.charAt(0).toUpperCase()}${why.slice(1)}.`);
}

/** Lists that are not without effect are read only where that is allowed. */
function refusal({ type, binding: { list } }: ResourceDefinition, { [ALLOW_WRITES]: allowed = null }: ValueRecord): readonly Diagnostic[] {
  if (list?.writes === undefined || allowed === true || allowed === UNKNOWN) return [];
  const detail = `${type} is not listed without permission: ${list.writes}. To list it anyway, set ${ALLOW_WRITES} = true in the config block.`;
  return [error('Listing Writes to the Server', detail, [ALLOW_WRITES])];
}

/** How many objects that are left out are told of one by one. */
const most = 10;

/** Tells what is left out. Core shows all warnings of one summary as the first of them and a number. */
class LeftOut {
  private count = 0;

  constructor(private readonly type: string) {}

  event({ id, problem }: { readonly id: string; readonly problem: Diagnostic }): ListEvent {
    // Where not one list could be read there is no result, and an empty one would be wrong.
    if (id === '') return { diagnostics: [problem] };
    this.count += 1;
    const object = `${this.type} ${JSON.stringify(id)}`;
    return this.count > most
      ? told(`More Left Out: ${this.type}`, `${object}: ${problem.detail}`)
      : told(`Left Out: ${object}`, problem.detail);
  }
}

/** Why no valid configuration says what an object is: what is generated for it would be refused. */
function inexpressible(compiled: Compiled<ResourceDefinition>, values: ValueRecord): Diagnostic | undefined {
  const config = configurationOf(compiled.fields, values);
  const lacked = compiled.fields.find(({ name, required }) => required && config[name] === null);
  const problems = lacked
    ? [error('Missing Attribute', `"${lacked.name}" is required, and the server does not return it.`)]
    : validateFields(compiled.fields, config);
  const problem = (problems.length > 0 ? problems : validateChecks(compiled, config)).find(({ severity }) => severity === 'error');
  return problem && { ...problem, detail: `No valid configuration can express it: ${problem.detail}` };
}

const told = (summary: string, detail: string): ListEvent => ({ diagnostics: [warning(summary, detail)] });
