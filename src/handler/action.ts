import type { Diagnostic } from '../common/diagnostic';
import { isKnown, isRecord, type Value, type ValueRecord } from '../common/value';
import type { ActionDefinition } from '../schema/define/definition';
import { withoutUnset } from '../schema/api/unset';
import type { Compiled } from './compiled';
import { withDefaults } from './data-source';
import { clientFor, untilCancelled } from './deadline';
import { admit, KNOWN, PLANNED_CONFIG } from './door';
import { toDiagnostic } from './funnel';
import { planContext, skipped } from './plan';
import type { Diagnosed, InvokeRequest, PlanActionAnswer, PlanActionRequest } from './provider';
import { hideSecrets } from './secrets';
import { serverNow, type Session } from './session';
import { validateChecks, validateFields } from './validate';

/** Refuses an action that cannot be invoked, as far as that is known at plan. */
export async function planAction(session: Session, { type, config, deferralAllowed }: PlanActionRequest): Promise<PlanActionAnswer> {
  const compiled = session.catalog.action(type);
  const given = withDefaults(compiled.fields, admit(compiled.fields, config, PLANNED_CONFIG));
  session.hideFromFaults(compiled.fields, given);
  const wrong = problems(compiled, given);
  if (wrong.length > 0) return { diagnostics: wrong };
  if (session.pending) return { diagnostics: [], ...(deferralAllowed && { deferred: 'provider' }) };
  const asked = checked(session, compiled, given).catch((cause: unknown) => [skipped(`action ${type}`, cause)]);
  return { diagnostics: session.connection ? await asked : [] };
}

/** Invokes an action. Its checks are repeated: what was unknown at plan is known, and the server may have changed. */
export async function invokeAction(session: Session, { type, config, progress, signal }: InvokeRequest): Promise<Diagnosed> {
  const compiled = session.catalog.action(type);
  const { definition, fields } = compiled;
  const given = withDefaults(fields, admit(fields, config, KNOWN));
  session.hideFromFaults(fields, given);
  const wrong = problems(compiled, given);
  if (wrong.length > 0) return { diagnostics: wrong };
  const connection = session.startApply();
  hideSecrets(connection.root, compiled, [given]);
  const errors = (await checked(session, compiled, given)).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { diagnostics: errors };
  const { guard, output } = session.catalog;
  const told: Diagnostic[] = [];
  // After a stop the client has another signal, and an action of many calls would go on.
  const over = AbortSignal.any([signal, connection.root.signal]);
  const server = serverNow(connection, untilCancelled(clientFor(connection.client, given, 'invoke'), over), []);
  try {
    await definition.invoke(
      {
        ...server,
        progress: (message) => progress(oneLine(output.clean(String(message)))),
        tell: (diagnostic) => told.push(guard.cleaned(diagnostic)),
      },
      given,
    );
    return { diagnostics: told };
  } catch (thrown) {
    return { diagnostics: [...told, toDiagnostic(thrown, `invoke action ${type}${shown(given)}`)] };
  } finally {
    // Whatever it changed is read again.
    connection.reader.forget();
  }
}

function problems(compiled: Compiled<ActionDefinition>, given: ValueRecord): Diagnostic[] {
  const wrong = validateFields(compiled.fields, given);
  // A check may rely on the types of the attributes.
  return wrong.length > 0 ? wrong : validateChecks(compiled, given);
}

async function checked(session: Session, { definition, fields }: Compiled<ActionDefinition>, given: ValueRecord): Promise<Diagnostic[]> {
  if (!definition.planChecks) return [];
  const context = planContext(session);
  const values = withoutUnset(fields, given);
  return (await Promise.all(definition.planChecks.map((check) => check(values, context)))).flat();
}

/** What an action tells goes to a terminal, and may come from the server. */
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();

/** The name in a configuration, for messages. */
const shown = (given: Value): string =>
  isKnown(given) && isRecord(given) && typeof given['name'] === 'string' ? ` "${given['name']}"` : '';
