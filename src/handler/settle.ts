import type { Diagnostic } from '../common/diagnostic';
import { isRecord, type ValueRecord } from '../common/value';
import type { ApiClient } from '../schema/binding';
import type { ResourceDefinition } from '../schema/resource';
import { type Compiled, identityOf } from './compiled';
import { differences } from './differences';
import { deriveObserved, resolveUnknown } from './plan-values';
import type { ApplyRequest, StateAnswer } from './provider';
import type { valuesOf } from './read';
import { rememberSecrets, settleRevisions } from './rotation';
import type { Connection, Session } from './session';

/** One write to one object. */
export interface Applying {
  readonly session: Session;
  readonly connection: Connection;
  /** The client for the calls of this write. */
  readonly client: ApiClient;
  readonly compiled: Compiled<ResourceDefinition>;
  readonly key: readonly string[];
  readonly request: ApplyRequest;
  readonly config: ValueRecord;
}

/** The state after a write: what was planned, with what was open filled in by the server's answer. */
export async function settled(applying: Applying, planned: ValueRecord, observed: ReturnType<typeof valuesOf>): Promise<StateAnswer> {
  const { compiled, connection, config, request } = applying;
  const prior = isRecord(request.prior) ? request.prior : undefined;
  const diagnostics: Diagnostic[] = 'diagnostic' in observed ? [observed.diagnostic] : differences(compiled, planned, observed.values);
  const rotated = await settleRevisions(compiled.fields, { config, prior, planned, private: request.private, changes: false });
  const known = { ...('values' in observed ? observed.values : {}), ...rotated };
  const resolved = resolveUnknown(planned, known) as ValueRecord;
  const values = deriveObserved(compiled.fields, resolved, { server: connection.client });
  return { state: values, private: await rememberSecrets(compiled.fields, config), identity: identityOf(compiled, values), diagnostics };
}

/** Write-only values stand only in the configuration. */
export function withSecrets(compiled: Compiled<ResourceDefinition>, planned: ValueRecord, config: ValueRecord): ValueRecord {
  const writeOnly = compiled.fields.filter(({ facts }) => facts.writeOnly);
  return { ...planned, ...Object.fromEntries(writeOnly.map(({ name }) => [name, config[name] ?? null])) };
}
