import type { Diagnostic } from '../common/diagnostic';
import type { Value, ValueRecord } from '../common/value';
import { conform, type Terms } from '../schema/api/conform';
import type { Field } from '../schema/define/shape';
import type { ApplyRequest, PlanRequest, ReadRequest } from './provider';
import type { Session } from './session';

/**
 * Values from the protocol are checked against the schema before anything else, so that all code behind it
 * can trust their types (docs/design/013-values.md).
 */

/** A value of a request does not fit the schema. */
export class Misfit extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super('a value does not fit the schema');
  }
}

/** A configuration to validate: it must not set what only the provider sets. */
export const CHECKED: Terms = { unknown: true, computed: false, writeOnly: true, incomplete: false };
/** A configuration to plan. With `ignore_changes`, core fills in values from the state. */
export const PLANNED_CONFIG: Terms = { unknown: true, computed: true, writeOnly: true, incomplete: true };
/** A fully known configuration. */
export const KNOWN: Terms = { ...PLANNED_CONFIG, unknown: false };
/** What is in the state. */
export const STATE: Terms = { unknown: false, computed: true, writeOnly: false, incomplete: true };
const PLANNED: Terms = { ...STATE, unknown: true };

/** The values of a request's object. Throws a `Misfit` for values that do not fit the schema. */
export function admit(fields: readonly Field[], value: Value, terms: Terms): ValueRecord {
  const { values, problems } = conform(fields, value, terms);
  if (problems.length > 0) throw new Misfit(problems);
  return values;
}

const admitOrNull = (fields: readonly Field[], value: Value, terms: Terms): Value => (value === null ? null : admit(fields, value, terms));

/** The request to read an instance. */
export function admitRead(session: Session, request: ReadRequest): ReadRequest {
  const { fields } = session.catalog.resource(request.type);
  return { ...request, state: admitOrNull(fields, request.state, STATE) };
}

/** The request to plan an instance; only a destroy has no configuration. */
export function admitPlan(session: Session, request: PlanRequest): PlanRequest {
  const { fields } = session.catalog.resource(request.type);
  const prior = admitOrNull(fields, request.prior, STATE);
  if (request.proposed === null) return { ...request, prior, config: null };
  return {
    ...request,
    prior,
    proposed: admit(fields, request.proposed, PLANNED_CONFIG),
    config: admit(fields, request.config, PLANNED_CONFIG),
  };
}

/** The request to write an instance; only a destroy has no configuration. */
export function admitApply(session: Session, request: ApplyRequest): ApplyRequest {
  const { fields } = session.catalog.resource(request.type);
  const prior = admitOrNull(fields, request.prior, STATE);
  if (request.planned === null) return { ...request, prior, config: null };
  return { ...request, prior, planned: admit(fields, request.planned, PLANNED), config: admit(fields, request.config, KNOWN) };
}
