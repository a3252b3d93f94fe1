import * as wire from '../gen/messages';
import { unary } from './method';
import { packAs } from '../msgpack';
import { toValue } from './values';
import type { Value } from '../../common/value';
import { BadValue } from '../wire/error';

/** Calls a function of the provider. */
export const callFunction = unary({
  path: '/tfplugin6.Provider/CallFunction',
  request: wire.CallFunctionRequest,
  response: wire.CallFunctionResponse,
  async handle({ provider }, { name, arguments: values }) {
    const read = values.map(argumentOf);
    const bad = read.findIndex((value) => value instanceof BadValue);
    if (bad >= 0) return { error: { text: (read[bad] as BadValue).message, functionArgument: bad } };
    const { result, error } = await provider.callFunction({ name, arguments: read as Value[] });
    if (error) return { error: { text: error.text, functionArgument: error.argument } };
    const functions = provider.schema().functions;
    const returns = Object.hasOwn(functions, name) ? functions[name]?.returns : undefined;
    return { result: { msgpack: packAs(result ?? null, returns ?? 'string') } };
  },
  failed: (diagnostic) => ({ error: { text: `${diagnostic.summary}: ${diagnostic.detail}` } }),
});

/** The value of an argument, or its problem with the argument's position. */
function argumentOf(value: wire.DynamicValue): Value | BadValue {
  try {
    return toValue(value);
  } catch (failure) {
    if (failure instanceof BadValue) return failure;
    throw failure;
  }
}
