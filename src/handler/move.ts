import { error } from '../common/diagnostic';
import { parse } from '../client/body';
import { fromApi } from '../schema/api/from-api';
import { isJsonObject, type JsonObject } from '../schema/define/json';
import { identityOf } from './compiled';
import type { MoveRequest, StateAnswer } from './provider';
import type { Session } from './session';
import { upgradeState } from './upgrade';

/**
 * Takes over the state of an object that a generic REST provider manages (`restapi_object`): its `data` is the body that was sent.
 * What that does not tell, the read that follows fills in. State of the same type is another provider's, or ours from another address.
 */
export function moveState(session: Session, request: MoveRequest): StateAnswer {
  const { sourceType, targetType } = request;
  if (sourceType === targetType) return upgradeState(session, { type: targetType, version: request.sourceVersion, json: request.json });
  const compiled = session.catalog.resource(targetType);
  const { definition, fields, key } = compiled;
  if (sourceType !== 'restapi_object') {
    return refused(
      `A ${sourceType} cannot become ${targetType}; only a restapi_object can. Write a removed block for the old resource and an import block for the new one.`,
    );
  }
  const body = bodyOf(request.json);
  if (!body)
    return refused(
      `The state of the restapi_object holds no JSON object in "data", so there is nothing to make ${targetType} of. Import it instead.`,
    );
  const wrong = Object.entries(definition.binding.constants ?? {}).filter(([field, value]) => (body[field] ?? value) !== value);
  if (wrong.length > 0) {
    const facts = wrong.map(([field, value]) => `${field} is "${String(body[field])}", not "${value}"`).join(', ');
    return refused(`The restapi_object is no ${targetType}: ${facts}. Name the resource type that it is in the moved block.`);
  }
  const read = fromApi(fields, body);
  if (read.problems) return refused(`The "data" of the restapi_object does not fit ${targetType}: ${read.problems.join('; ')}.`);
  const missing = key.filter((name) => typeof read.values[name] !== 'string');
  if (missing.length > 0)
    return refused(`The "data" of the restapi_object lacks ${missing.join(', ')}, which name ${targetType}. Import it instead.`);
  return { state: read.values, identity: identityOf(compiled, read.values), diagnostics: [] };
}

function bodyOf(json: string): JsonObject | undefined {
  const state = parse(json);
  const data = isJsonObject(state) ? state['data'] : undefined;
  const body = typeof data === 'string' ? parse(data) : data;
  return isJsonObject(body) ? body : undefined;
}

const refused = (detail: string): StateAnswer => ({ state: null, diagnostics: [error('Move Not Possible', detail)] });
