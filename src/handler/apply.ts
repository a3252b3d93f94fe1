import { isRecord, sameValue, type ValueRecord } from '../common/value';
import { idOf, type ResourceDefinition } from '../schema/resource';
import { toApi } from '../schema/to-api';
import { type Compiled, keyOf } from './compiled';
import { create } from './create';
import { clientFor } from './deadline';
import { toDiagnostic } from './funnel';
import { lasting, refuseLoss } from './loss';
import type { ApplyRequest, StateAnswer } from './provider';
import { managed, valuesOf } from './read';
import { revisionNames } from './rotation';
import { hideSecrets } from './secrets';
import type { Session } from './session';
import { type Applying, settled, withSecrets } from './settle';

/** Creates, updates or deletes an instance. */
export async function apply(session: Session, request: ApplyRequest): Promise<StateAnswer> {
  const compiled = session.catalog.resource(request.type);
  const connection = session.startApply();
  const { prior, planned } = request;
  const known = isRecord(planned) ? planned : isRecord(prior) ? prior : {};
  const key = keyOf(compiled, known);
  if (!key) throw new Error(`the key of ${request.type} is not known at apply`);
  const config = isRecord(request.config) ? request.config : {};
  const operation = !isRecord(planned) ? 'delete' : isRecord(prior) ? 'update' : 'create';
  const client = clientFor(connection.client, known, operation);
  const applying: Applying = { session, connection, client, compiled, key, request, config };
  hideSecrets(connection.client, compiled, [config, planned, prior]);
  if (!isRecord(planned)) return remove(applying);
  return isRecord(prior) ? update(applying, prior, planned) : create(applying, planned);
}

async function remove({ session, connection, client, compiled, key, request }: Applying): Promise<StateAnswer> {
  const { binding, type } = compiled.definition;
  const prior = isRecord(request.prior) ? request.prior : {};
  try {
    const losses = await refuseLoss(session, compiled, { prior, moment: 'apply' });
    if (losses.length > 0) return { state: request.prior, private: request.private, diagnostics: losses };
    await connection.reader.remove(binding, { key, known: prior }, client);
    return { state: null, diagnostics: lasting(compiled.definition, prior) };
  } catch (thrown) {
    return { state: request.prior, private: request.private, diagnostics: [toDiagnostic(thrown, `delete ${type} "${idOf(key)}"`)] };
  }
}

async function update(applying: Applying, prior: ValueRecord, planned: ValueRecord): Promise<StateAnswer> {
  const { connection, client, compiled, key, request, config } = applying;
  const { binding, type } = compiled.definition;
  try {
    const values = withSecrets(compiled, planned, config);
    const body = toApi(compiled.fields, values, priorForApi(compiled, prior));
    const object = sends(compiled, prior, planned)
      ? ((await connection.reader.writing(binding, { key, known: prior }, () => binding.update(client, { key, body, values, prior }))) ??
        managed(binding, await binding.read(client, key, values), values))
      : undefined;
    return await settled(
      applying,
      planned,
      object ? valuesOf({ compiled, object, server: connection.client }, planned) : { values: prior },
    );
  } catch (thrown) {
    return { state: prior, private: request.private, diagnostics: [toDiagnostic(thrown, `update ${type} "${idOf(key)}"`)] };
  }
}

/** Whether there is something to tell the server; a changed endpoint alone changes only where an object is seen. */
function sends(compiled: Compiled<ResourceDefinition>, prior: ValueRecord, planned: ValueRecord): boolean {
  const revisions = revisionNames(compiled.fields);
  return compiled.fields.some(
    ({ name, api }) => (api !== undefined || revisions.has(name)) && !sameValue(prior[name] ?? null, planned[name] ?? null),
  );
}

/** A write-only secret was sent before when its revision says so. */
function priorForApi(compiled: Compiled<ResourceDefinition>, prior: ValueRecord): ValueRecord {
  const sent = compiled.fields.filter(
    ({ facts }) => facts.rotation && (prior[revisionOf(compiled, facts.rotation.revision)] ?? null) !== null,
  );
  return { ...prior, ...Object.fromEntries(sent.map(({ name }) => [name, 'sent'])) };
}

const revisionOf = (compiled: Compiled<ResourceDefinition>, key: string): string =>
  compiled.fields.find((field) => field.key === key)?.name ?? key;
