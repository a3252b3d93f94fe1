import * as wire from '../gen/messages';
import { unary } from './method';
import { packAs } from '../msgpack';
import { toValue } from './values';

/** Calls a function of the provider. */
export const callFunction = unary({
  path: '/tfplugin6.Provider/CallFunction',
  request: wire.CallFunctionRequest,
  response: wire.CallFunctionResponse,
  async handle({ provider }, { name, arguments: values }) {
    const { result, error } = await provider.callFunction({ name, arguments: values.map(toValue) });
    if (error) return { error: { text: error.text, functionArgument: error.argument } };
    const functions = provider.schema().functions;
    const returns = Object.hasOwn(functions, name) ? functions[name]?.returns : undefined;
    return { result: { msgpack: packAs(result ?? null, returns ?? 'string') } };
  },
  failed: (diagnostic) => ({ error: { text: `${diagnostic.summary}: ${diagnostic.detail}` } }),
});
