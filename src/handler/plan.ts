import { HookError } from '../schema/define/errors';
import { type Diagnostic, warning } from '../common/diagnostic';
import { sentence } from './funnel';
import { isRecord, sameValue, type ValueRecord } from '../common/value';
import { idOf, type PlanContext, type ResourceDefinition } from '../schema/define/definition';
import { type Compiled, identityOf, keyOf } from './compiled';
import { deriveValues, planValues, replacedPaths, withVolatile } from './plan-values';
import { lateRules } from './late-rules';
import { undeletableNotice, refuseLoss } from './delete-guard';
import type { PlanAnswer, PlanRequest } from './provider';
import { unpackPrivate } from './private-state';
import { planRevisions } from './rotation';
import type { Session } from './session';
import { versionProblems } from './server-version';
import { withoutUnset } from '../schema/api/unset';
import { unserved } from './serving';

/** Plans one instance from the configuration, defaults, server values and derived values. */
export async function plan(session: Session, request: PlanRequest): Promise<PlanAnswer> {
  const compiled = session.catalog.resource(request.type);
  const prior = isRecord(request.prior) ? request.prior : undefined;
  session.hideFromFaults(compiled.fields, prior ?? {});
  if (request.proposed === null || !isRecord(request.config)) {
    const diagnostics = prior ? await losses(session, compiled, prior) : [];
    return { planned: null, requiresReplace: [], private: request.private, diagnostics };
  }
  const { config } = request;
  session.hideFromFaults(compiled.fields, config);
  const planned = await plannedValues({ session, compiled, request }, config, prior);
  const changed = !prior || !sameValue(prior, planned);
  const key = keyOf(compiled, planned);
  if (!prior && key) session.willCreate(request.type, idOf(key));
  const requiresReplace = prior && changed ? replacedPaths(compiled.fields, prior, planned) : [];
  const lost =
    prior && requiresReplace.length > 0 ? [...(await losses(session, compiled, prior)), ...lateRules(compiled, config, prior)] : [];
  return {
    planned,
    requiresReplace,
    private: request.private,
    ...(key && { identity: identityOf(compiled, planned) }),
    diagnostics: [...lost, ...(changed ? await checks(session, compiled, { planned, config, prior }) : [])],
  };
}

/** What a delete would lose, and what it would leave. */
async function losses(session: Session, compiled: Compiled<ResourceDefinition>, prior: ValueRecord): Promise<Diagnostic[]> {
  return [...(await refuseLoss(session, compiled, { prior, moment: 'plan' })), ...undeletableNotice(compiled.definition, prior)];
}

interface Planning {
  readonly session: Session;
  readonly compiled: Compiled<ResourceDefinition>;
  readonly request: PlanRequest;
}

async function plannedValues(
  { session, compiled, request }: Planning,
  config: ValueRecord,
  prior: ValueRecord | undefined,
): Promise<ValueRecord> {
  const { fields } = compiled;
  const server = session.connection?.client;
  const values = await deriveValues(fields, planValues(fields, config, prior), server);
  const changes = !prior || !sameValue(prior, values);
  const { hashes } = unpackPrivate(request.private);
  const planned = await planRevisions(fields, { config, prior, planned: values, hashes, changes });
  if (!prior || (planned === values ? !changes : sameValue(prior, planned))) return planned;
  const open = await withVolatile(fields, planned, { prior, server });
  return open === planned ? planned : deriveValues(fields, open, server);
}

interface Planned {
  readonly planned: ValueRecord;
  readonly prior: ValueRecord | undefined;
  readonly config: ValueRecord;
}

/** Checks that need the server; a check that fails never stops a plan. */
async function checks(session: Session, compiled: Compiled<ResourceDefinition>, plan: Planned): Promise<Diagnostic[]> {
  if (!session.connection) return [];
  const found: Diagnostic[] = [];
  const ask = async (check: Promise<readonly Diagnostic[]>): Promise<void> => {
    found.push(...(await check.catch((cause: unknown) => [skipped(compiled.definition.type, cause)])));
  };
  await ask(ownChecks(session, compiled, plan));
  await ask(versionProblems(session, compiled.fields, plan.config));
  if (!plan.prior) await ask(unserved(session, compiled.definition, plan.planned));
  return found;
}

async function ownChecks(session: Session, { definition, fields }: Compiled<ResourceDefinition>, plan: Planned): Promise<Diagnostic[]> {
  const context = planContext(session);
  const values = withoutUnset(fields, plan.planned);
  const found = await Promise.all((definition.planChecks ?? []).map((check) => check(values, context, plan.prior)));
  return found.flat();
}

/** A check that could not be made. */
export function skipped(type: string, cause: unknown): Diagnostic {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const why =
    cause instanceof HookError
      ? `A plan check of ${type} failed: ${reason}. This is a bug in the provider; please report it.`
      : `The plan of ${type} could not be checked against the server: ${sentence(reason)}`;
  return warning('Check Skipped', `${why} The plan continues without this check.`);
}

/** The lookups of checks at plan. */
export function planContext(session: Session): PlanContext {
  const { reader, client } = session.connected();
  return {
    client,
    async find(type, named) {
      const names = Object.keys(named);
      // An object with a longer key is a child of such an object, not one itself.
      const kinds = session.catalog.provider.resources
        .filter((one) => type.test(one.type) && one.key.length === names.length && one.key.every((name) => Object.hasOwn(named, name)))
        .map((one) => session.catalog.resource(one.type).definition);
      const keyOf = ({ key }: ResourceDefinition): string[] => key.map((name) => named[name] ?? '');
      const planned = kinds.find((one) => session.planned.get(idOf(keyOf(one)))?.has(one.type));
      if (planned) return { planned: planned.type };
      const listOf = ({ type, binding: { list } }: ResourceDefinition, key: string[]): string =>
        list ? `${list.origin}\u0000${list.scope(key)}` : type;
      const scopes = new Map(kinds.map((one) => [listOf(one, keyOf(one)), one]));
      const found = await Promise.all([...scopes.values()].map((one) => reader.findConfirmed(one.binding, { key: keyOf(one) })));
      const object = found.find((one) => one !== undefined);
      return object && { object };
    },
  };
}
