import { idOf, type ResourceDefinition } from '../schema/define/definition';
import { type Diagnostic, error, warning } from '../common/diagnostic';
import { isRecord, knownParts, sameValue, type ValueRecord } from '../common/value';
import { toApi } from '../schema/api/to-api';
import { withoutUnset } from '../schema/api/unset';
import { type Compiled, keyOf } from './compiled';
import { confirm } from './confirm';
import { create } from './create';
import { clientFor } from './deadline';
import { toDiagnostic } from './funnel';
import { undeletableNotice, refuseLoss } from './delete-guard';
import type { ApplyRequest, StateAnswer } from './provider';
import { unpackPrivate } from './private-state';
import { resolveUnknown } from './plan-values';
import { managed, tellsUnknown } from './read';
import { resending, settleRevisions } from './rotation';
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
  const remembered = unpackPrivate(request.private);
  const told: Diagnostic[] = [];
  const tell = (diagnostic: Diagnostic): void => void told.push(diagnostic);
  const applying: Applying = { session, connection, client, compiled, key, request, config, tell, remembered };
  hideSecrets(connection.root, compiled, [config, planned, prior]);
  if (!isRecord(planned)) return remove(applying);
  const before = isRecord(prior) ? prior : undefined;
  const rotation = { config, prior: before, planned, hashes: remembered.hashes, changes: false };
  const settledPlan = await settleRevisions(compiled.fields, rotation);
  const answer = await (before ? update(applying, before, settledPlan) : create(applying, settledPlan));
  return { ...answer, diagnostics: [...told, ...answer.diagnostics] };
}

async function remove(applying: Applying): Promise<StateAnswer> {
  const { session, connection, client, compiled, key, request } = applying;
  const { binding, type } = compiled.definition;
  const prior = isRecord(request.prior) ? request.prior : {};
  const kept = (diagnostics: Diagnostic[]): StateAnswer => ({ state: request.prior, private: request.private, diagnostics });
  try {
    const found = await confirm(applying, prior, 'delete');
    if (typeof found === 'object') return kept([found]);
    const losses = found === 'gone' ? [] : await refuseLoss(session, compiled, { prior, moment: 'apply' });
    if (losses.length > 0) return kept(losses);
    if (found === 'there') await connection.reader.remove(binding, { key, hints: prior }, client);
    return { state: null, diagnostics: undeletableNotice(compiled.definition, prior) };
  } catch (thrown) {
    return kept([toDiagnostic(thrown, `delete ${type} "${idOf(key)}"`)]);
  }
}

async function update(applying: Applying, prior: ValueRecord, planned: ValueRecord): Promise<StateAnswer> {
  const { connection, client, compiled, key, request } = applying;
  const { binding, type } = compiled.definition;
  const kept = (diagnostics: Diagnostic[]): StateAnswer => ({ state: prior, private: request.private, diagnostics });
  try {
    if (!sends(compiled, prior, planned)) return await settled(applying, planned, { values: prior });
    const found = await confirm(applying, prior, 'update');
    if (found !== 'there') return kept([found === 'gone' ? gone(type, key) : found]);
    const values = await withSecrets(applying, planned);
    const body = toApi(compiled.fields, values, prior);
    const known = knownParts(planned);
    const returned = await connection.reader.writing(binding, { key, hints: prior }, () =>
      binding.update(client, { key, body, values, prior, tell: applying.tell }),
    );
    const whole = returned && tellsUnknown(compiled.fields, planned, returned);
    const object = whole ? returned : (managed(binding, await binding.read(client, key, known), known) ?? returned);
    const answer = await settled(applying, planned, object ? { object, known } : { values: prior });
    return object ? answer : { ...answer, diagnostics: [...answer.diagnostics, lost(type, key)] };
  } catch (thrown) {
    return kept([toDiagnostic(thrown, `update ${type} "${idOf(key)}"`)]);
  }
}

const gone = (type: string, key: readonly string[]): Diagnostic =>
  error(
    'Object Is Gone',
    `Cannot update ${type} "${idOf(key)}": it is no longer on the server; it was deleted outside Terraform after the last refresh. Plan again to recreate it.`,
  );

const lost = (type: string, key: readonly string[]): Diagnostic =>
  warning(
    'Updated Object Not Found',
    `The server accepted the update of ${type} "${idOf(key)}", but then reported that it does not exist. The state holds the planned values; plan again to see what exists.`,
  );

/**
 * Whether there is anything to send. A changed endpoint alone changes only the URL of an object, and what only the
 * server sets is not a change.
 */
function sends({ fields }: Compiled<ResourceDefinition>, prior: ValueRecord, planned: ValueRecord): boolean {
  const resent = resending(fields);
  const [before, after] = [withoutUnset(fields, prior), withoutUnset(fields, resolveUnknown(fields, planned, prior))];
  return fields.some(({ name, api }) => (api !== undefined || resent.has(name)) && !sameValue(before[name] ?? null, after[name] ?? null));
}
