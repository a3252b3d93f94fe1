import type { ResourceDefinition } from '../schema/define/definition';
import type { Diagnostic } from '../common/diagnostic';
import { isRecord, type ValueRecord } from '../common/value';
import type { ApiClient } from '../schema/define/binding';
import type { JsonObject } from '../schema/define/json';
import { type Compiled, identityOf } from './compiled';
import { marksOf } from './apart';
import { differences } from './differences';
import { deriveObserved, resolveUnknown } from './plan-values';
import { packPrivate, type Remembered } from './private-state';
import type { ApplyRequest, PrivateState, StateAnswer } from './provider';
import { valuesOf } from './read';
import { hashesAfter, type SecretWrite, withSecretsSent } from './rotation';
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
  /** Adds a diagnostic to the result. */
  tell(diagnostic: Diagnostic): void;
  /** What private state records of the object that was read. */
  readonly remembered: Remembered;
}

/** The object that the server returned after a write, or the values if it was not read. */
export type Outcome = { readonly object: JsonObject; readonly known: ValueRecord } | { readonly values: ValueRecord };

/** The state after a write: the plan, with unknown values filled in from the server's response. */
export async function settled(applying: Applying, planned: ValueRecord, outcome: Outcome): Promise<StateAnswer> {
  const { compiled, connection } = applying;
  const server = connection.client;
  const observed = 'values' in outcome ? outcome : await valuesOf({ compiled, object: outcome.object, server }, outcome.known);
  const diagnostics: Diagnostic[] =
    'diagnostic' in observed ? [observed.diagnostic] : 'object' in outcome ? differences(compiled, planned, observed.values) : [];
  const resolved = resolveUnknown(compiled.fields, planned, 'values' in observed ? observed.values : undefined);
  const values = await deriveObserved(compiled.fields, resolved, server);
  const bytes = await remember(applying, planned, 'object' in outcome ? outcome.object : undefined);
  return { state: values, private: bytes, identity: identityOf(compiled, values), diagnostics };
}

/** Private state after a write; `object` is what the server returned, if anything. */
export async function remember(applying: Applying, planned: ValueRecord, object: JsonObject | undefined): Promise<PrivateState> {
  const { compiled, remembered } = applying;
  const hashes = await hashesAfter(compiled.fields, secretWrite(applying, planned));
  return packPrivate({ hashes, marks: object ? marksOf(compiled.definition.binding, object) : remembered.marks });
}

/** The values to write: the plan without what the server decides, plus the secrets, which are only in the configuration. */
export async function withSecrets(applying: Applying, planned: ValueRecord): Promise<ValueRecord> {
  const { fields } = applying.compiled;
  return resolveUnknown(fields, await withSecretsSent(fields, secretWrite(applying, planned)), undefined);
}

const secretWrite = ({ compiled, config, request, remembered }: Applying, planned: ValueRecord): SecretWrite => ({
  config,
  prior: isRecord(request.prior) ? request.prior : undefined,
  planned,
  hashes: remembered.hashes,
  replaces: compiled.definition.binding.fullUpdate === true,
});
