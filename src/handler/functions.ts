import { ArgumentError } from '../schema/function';
import type { ProviderDefinition } from '../schema/provider';
import type { CallAnswer, CallRequest } from './provider';

/** Calls a provider function. */
export function callFunction(provider: ProviderDefinition, request: CallRequest): CallAnswer {
  const definition = provider.functions.find(({ name }) => name === request.name);
  if (!definition) return { error: { text: `the provider "${provider.name}" has no function "${request.name}"` } };
  try {
    return { result: definition.call(request.arguments) };
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return { error: { text, ...(thrown instanceof ArgumentError && { argument: thrown.argument }) } };
  }
}
