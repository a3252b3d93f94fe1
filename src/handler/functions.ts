import { ArgumentError } from '../schema/define/errors';
import { isList, type Value } from '../common/value';
import type { ProviderDefinition } from '../schema/define/provider';
import type { TypeConstraint } from '../schema/derive/terraform';
import type { CallAnswer, CallRequest } from './provider';

/** Calls a provider function. */
export function callFunction(provider: ProviderDefinition, request: CallRequest): CallAnswer {
  const definition = provider.functions.find(({ name }) => name === request.name);
  if (!definition) return { error: { text: `the provider "${provider.name}" has no function "${request.name}"` } };
  const { parameters } = definition;
  if (request.arguments.length !== parameters.length)
    return { error: { text: `${request.name} takes ${parameters.length} arguments, but ${request.arguments.length} were given` } };
  const argument = parameters.findIndex(({ type }, index) => !fits(type, request.arguments[index] ?? null));
  if (argument >= 0) return { error: { text: `"${parameters[argument]?.name}" must be ${needed(parameters[argument]?.type)}`, argument } };
  try {
    return { result: definition.call(request.arguments) };
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return { error: { text, ...(thrown instanceof ArgumentError && { argument: thrown.argument }) } };
  }
}

/** Whether an argument is a known value of its type; functions take texts and lists of them. */
function fits(type: TypeConstraint, value: Value): boolean {
  if (Array.isArray(type)) return isList(value) && value.every((item) => fits(type[1] as TypeConstraint, item));
  return type === 'string' && typeof value === 'string';
}

const needed = (type: TypeConstraint | undefined): string => (Array.isArray(type) ? 'a list of known strings' : 'a known string');
