import * as wire from '../gen/messages';
import { diagnosed, unary } from './method';
import { mapValues, toFunction } from './schemas';

/** Returns the functions of the provider. */
export const getFunctions = unary({
  path: '/tfplugin6.Provider/GetFunctions',
  request: wire.GetFunctionsRequest,
  response: wire.GetFunctionsResponse,
  handle({ provider }) {
    return { functions: mapValues(provider.schema().functions, toFunction) };
  },
  failed: diagnosed,
});
