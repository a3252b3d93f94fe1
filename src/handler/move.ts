import { error } from '../common/diagnostic';
import { parse } from '../client/body';
import { fromApi } from '../schema/api/from-api';
import { isJsonObject } from '../schema/define/json';
import type { MoveSource } from '../schema/define/moves';
import { identityOf } from './compiled';
import type { MoveRequest, StateAnswer } from './provider';
import type { Session } from './session';
import { upgradeState } from './upgrade';

/** Takes over the state of an object from another provider. State of the same type may also be ours, from another source address. */
export function moveState(session: Session, request: MoveRequest): StateAnswer {
  const { sourceType, targetType } = request;
  if (sourceType === targetType) return upgradeState(session, { type: targetType, version: request.sourceVersion, json: request.json });
  const compiled = session.catalog.resource(targetType);
  const { definition, fields, key } = compiled;
  const sources = session.catalog.provider.movesFrom ?? [];
  const source = sources.find(({ type }) => type === sourceType);
  if (!source) return refused(`A ${sourceType} cannot become ${targetType}${possible(sources)}. ${importInstead}`);
  const state = parse(request.json);
  const object = isJsonObject(state) ? source.object(state) : undefined;
  const { type, attribute } = source;
  if (!object)
    return refused(
      `The state of the ${type} holds no JSON object in "${attribute}", so it cannot become ${targetType}. Import it instead.`,
    );
  const wrong = Object.entries(definition.binding.constants ?? {}).filter(([field, value]) => (object[field] ?? value) !== value);
  if (wrong.length > 0) {
    const facts = wrong.map(([field, value]) => `${field} is "${String(object[field])}", not "${value}"`).join(', ');
    return refused(`The ${type} is not of type ${targetType}: ${facts}. Use the matching resource type in the moved block.`);
  }
  const read = fromApi(fields, object);
  if (read.problems) return refused(`The "${attribute}" of the ${type} does not fit ${targetType}: ${read.problems.join('; ')}.`);
  const missing = key.filter((name) => typeof read.values[name] !== 'string');
  if (missing.length > 0)
    return refused(`The "${attribute}" of the ${type} lacks ${missing.join(', ')}, required to identify ${targetType}. Import it instead.`);
  return { state: read.values, identity: identityOf(compiled, read.values), diagnostics: [] };
}

const importInstead = 'Write a removed block for the old resource and an import block for the new one.';

const possible = (sources: readonly MoveSource[]): string =>
  sources.length === 0 ? '' : `; only a ${sources.map(({ type }) => type).join(' or a ')} can`;

const refused = (detail: string): StateAnswer => ({ state: null, diagnostics: [error('Move Not Possible', detail)] });
