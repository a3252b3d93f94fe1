import type { EphemeralDefinition } from '../schema/define/definition';
import type { Server } from '../schema/define/server';
import { ApiError, UnexpectedAnswer } from '../schema/define/errors';
import { randomUUID } from 'node:crypto';
import { type Diagnostic, error, warning } from '../common/diagnostic';
import { isKnown, isRecord, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import type { Opened } from '../schema/define/ephemeral';
import { fromApi } from '../schema/api/from-api';
import { isJsonObject } from '../schema/define/json';
import type { Field } from '../schema/define/shape';
import type { Operation } from '../schema/define/timeouts';
import type { Compiled } from './compiled';
import { withDefaults, withoutNulls } from './data-source';
import { clientFor } from './deadline';
import { toDiagnostic } from './funnel';
import { deriveObserved, type KnownServer } from './plan-values';
import type { Diagnosed, EphemeralAnswer, EphemeralRequest, OpenAnswer, OpenRequest } from './provider';
import { hideAnswer, hideSecrets } from './secrets';
import { type Kept, serverOf, type Session } from './session';

/** Minimum milliseconds before a renewal. */
const shortestPause = 1000;

/** Milliseconds that closing may take at shutdown; core waits for the response. */
const patience = 15_000;

/** Opens an ephemeral resource, and closes it again if its result cannot be returned. */
export async function openEphemeral(session: Session, request: OpenRequest): Promise<OpenAnswer> {
  const compiled = session.catalog.ephemeral(request.type);
  const { definition, fields } = compiled;
  const given = isRecord(request.config) ? request.config : {};
  const early = !isKnown(given) ? 'resource' : session.pending ? 'provider' : undefined;
  if (early && request.deferralAllowed) return { ...notYet(fields, given), deferred: early };
  if (early) return request.unknownRefused ? tooEarly(definition) : notYet(fields, given);
  const { client, root } = session.connected();
  hideSecrets(root, compiled, [given]);
  let opened: Opened;
  try {
    opened = await definition.open(serverFor(session, given, 'open'), withDefaults(fields, given));
  } catch (thrown) {
    return {
      result: null,
      diagnostics: [missing(toDiagnostic(thrown, `open ephemeral ${definition.type}`), thrown), ...perhapsLeft(definition, thrown)],
    };
  }
  const { what, private: own = {} } = opened;
  const kept: Kept = { id: randomUUID(), type: request.type, what, private: own, timeouts: given['timeouts'] ?? null };
  session.open.set(kept.id, kept);
  try {
    hideAnswer(session, [opened.result, kept.private], { given, what: kept.what });
    const result = await resultOf(compiled, given, { opened, server: client });
    hideSecrets(root, compiled, [result]);
    return { result, private: pack(kept), ...renewal(definition, opened.renewAt), diagnostics: [] };
  } catch (thrown) {
    const diagnostic = toDiagnostic(thrown, `open ephemeral ${definition.type}`);
    return { result: null, diagnostics: [diagnostic, ...(await close(session, compiled, kept))] };
  }
}

/** Core opens it during plan, before anything in the same run exists. */
function missing(diagnostic: Diagnostic, thrown: unknown): Diagnostic {
  const early =
    ' It is opened during plan, so the object that it is for must already exist, created by an earlier run. With OpenTofu, a depends_on on the resource that creates the object is enough.';
  return thrown instanceof ApiError && thrown.code === 'not-found' ? { ...diagnostic, detail: diagnostic.detail + early } : diagnostic;
}

/** Renews an ephemeral resource. */
export async function renewEphemeral(session: Session, { type, private: bytes }: EphemeralRequest): Promise<EphemeralAnswer> {
  const { definition } = session.catalog.ephemeral(type);
  const kept = keptOf(session, bytes);
  if (!kept || !definition.renew) return { diagnostics: [] };
  try {
    const renewed = await definition.renew(serverFor(session, { timeouts: kept.timeouts }, 'renew'), kept.private);
    const next = { ...kept, private: renewed.private ?? kept.private };
    hideAnswer(session, [next.private], kept);
    session.open.set(kept.id, next);
    return { private: pack(next), ...renewal(definition, renewed.renewAt), diagnostics: [] };
  } catch (thrown) {
    return { diagnostics: [toDiagnostic(thrown, `renew ephemeral ${type}, ${kept.what}`)] };
  }
}

/** Closes an ephemeral resource. A failure is only a warning, because the run no longer needs it. */
export async function closeEphemeral(session: Session, { type, private: bytes }: EphemeralRequest): Promise<Diagnosed> {
  const compiled = session.catalog.ephemeral(type);
  const kept = keptOf(session, bytes);
  return { diagnostics: kept ? await close(session, compiled, kept) : [] };
}

/** Closes what core left open: after an error, core closes nothing. */
export async function closeAll(session: Session): Promise<void> {
  const closed = [...session.open.values()].map(async (kept) => {
    const [left] = await close(session, session.catalog.ephemeral(kept.type), kept);
    if (left) session.log('warn', left.summary, { detail: session.clean(left.detail) });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience)));
  await Promise.race([Promise.all(closed), late]);
  clearTimeout(timer);
}

async function close(session: Session, { definition }: Compiled<EphemeralDefinition>, kept: Kept): Promise<Diagnostic[]> {
  session.open.delete(kept.id);
  try {
    await definition.close?.(serverFor(session, { timeouts: kept.timeouts }, 'close'), kept.private);
    return [];
  } catch (thrown) {
    const { detail } = toDiagnostic(thrown, `close ephemeral ${definition.type}`);
    // Core shows only the first of several warnings with the same summary.
    return [warning(`Left on the Server: ${kept.what}`, `It may still exist and be valid; remove it on the server. ${detail}`)];
  }
}

/** The server for one operation, whose calls end when `timeouts` expires. */
function serverFor(session: Session, values: ValueRecord, operation: Operation): Server {
  const connection = session.connected();
  return serverOf(connection, clientFor(connection.client, values, operation));
}

interface Answered {
  readonly opened: Opened;
  readonly server: KnownServer;
}

/** Configured values stay as they are, as core requires; the rest comes from the server. */
async function resultOf(
  { definition, fields }: Compiled<EphemeralDefinition>,
  given: ValueRecord,
  { opened, server }: Answered,
): Promise<ValueRecord> {
  const read = fromApi(fields, opened.result, withoutNulls(withDefaults(fields, given)));
  if (read.problems)
    throw new UnexpectedAnswer(`the server's answer for ${definition.type} is not in the documented format: ${read.problems.join('; ')}`);
  return deriveObserved(fields, overlay(fields, given, read.values), server);
}

const overlay = (fields: readonly Field[], given: ValueRecord, values: ValueRecord): ValueRecord =>
  Object.fromEntries(fields.map(({ name, computed }) => [name, given[name] ?? (computed ? (values[name] ?? null) : null)]));

/** Core accepts unknown values during plan and then opens during apply, so the same run may create the endpoint. */
function notYet(fields: readonly Field[], given: ValueRecord): OpenAnswer {
  const unknown = Object.fromEntries(fields.map(({ name }): [string, Value] => [name, UNKNOWN]));
  return { result: overlay(fields, given, unknown), diagnostics: [] };
}

/** Null would be wrong, and would reach whatever uses the values. With `depends_on`, core waits for the apply. */
function tooEarly({ type }: EphemeralDefinition): OpenAnswer {
  const detail = `A value of the provider block is known only after apply, but OpenTofu opens ephemeral ${type} during plan, when the server is not known yet. In the ephemeral block, add a depends_on on the resource that provides the value (OpenTofu then opens it during apply), or apply in two steps (first with -target on that resource).`;
  return { result: null, diagnostics: [error('Too Early to Open', detail)] };
}

/** Core renews exactly at that time, so a time in the past would cause an endless loop. */
function renewal(definition: EphemeralDefinition, at: Date | undefined): { readonly renewAt?: Date } {
  if (!at || !definition.renew) return {};
  if (Number.isNaN(at.getTime())) throw new UnexpectedAnswer('renewAt is not a valid date');
  return { renewAt: new Date(Math.max(at.getTime(), Date.now() + shortestPause)) };
}

function perhapsLeft({ type }: EphemeralDefinition, thrown: unknown): Diagnostic[] {
  if (!(thrown instanceof ApiError) || !thrown.outcomeUnknown) return [];
  const detail = `The answer for ephemeral ${type} was lost, so the object may have been created. Look for it on the server, and remove it.`;
  return [warning('Perhaps Left on the Server', detail)];
}

const pack = (kept: Kept): Uint8Array => Buffer.from(JSON.stringify(kept));

/** The latest private data; nothing if nothing was opened. */
function keptOf(session: Session, bytes: Uint8Array): Kept | undefined {
  if (bytes.length === 0) return undefined;
  const kept: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (!isJsonObject(kept) || typeof kept['id'] !== 'string' || !isJsonObject(kept['private']))
    throw new Error('its private data is not what open returned');
  return session.open.get(kept['id']) ?? (kept as unknown as Kept);
}
