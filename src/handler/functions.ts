import { ArgumentError } from '../schema/define/errors';
import { positionOf } from '../schema/define/function';
import { isList, isRecord, type Value } from '../common/value';
import type { ProviderDefinition } from '../schema/define/provider';
import type { Shape } from '../schema/define/shape';
import type { CallAnswer, CallRequest } from './provider';

/** Calls a provider function. */
export function callFunction(provider: ProviderDefinition, request: CallRequest): CallAnswer {
  const definition = provider.functions.find(({ name }) => name === request.name);
  if (!definition) return { error: { text: `the provider "${provider.name}" has no function "${request.name}"` } };
  const { parameters } = definition;
  if (request.arguments.length !== parameters.length)
    return { error: { text: `${request.name} takes ${parameters.length} arguments, but ${request.arguments.length} were given` } };
  const argument = parameters.findIndex(({ shape }, index) => !fits(shape, request.arguments[index] ?? null));
  if (argument >= 0) return { error: { text: `"${parameters[argument]?.name}" must be ${needed(parameters[argument]?.shape)}`, argument } };
  try {
    return { result: definition.call(request.arguments) };
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return { error: { text, ...(thrown instanceof ArgumentError && { argument: positionOf(definition, thrown.argument) }) } };
  }
}

/** Whether an argument is a known value of its type. */
function fits(shape: Shape, value: Value): boolean {
  if (shape.kind === 'list' || shape.kind === 'set') return isList(value) && value.every((item) => fits(shape.element, item));
  if (shape.kind === 'map') return isRecord(value) && Object.values(value).every((item) => fits(shape.element, item));
  if (shape.kind === 'object') return isRecord(value) && shape.fields.every(({ name, shape: inner }) => fits(inner, value[name] ?? null));
  return typeof value === types[shape.kind];
}

const types = { string: 'string', number: 'number', bool: 'boolean' } as const;

const needed = (shape: Shape | undefined): string =>
  shape && 'element' in shape ? `a ${shape.kind} of known ${shape.element.kind}s` : `a known ${shape?.kind ?? 'value'}`;
