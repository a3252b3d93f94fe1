import * as wire from '../gen/messages';
import { diagnosed, unary } from './method';
import { mapValues, toIdentitySchema } from './schemas';

/** Returns the identity schema of each resource. */
export const getResourceIdentitySchemas = unary({
  path: '/tfplugin6.Provider/GetResourceIdentitySchemas',
  request: wire.GetResourceIdentitySchemasRequest,
  response: wire.GetResourceIdentitySchemasResponse,
  handle({ provider }) {
    return { identitySchemas: mapValues(provider.schema().identities, toIdentitySchema) };
  },
  failed: diagnosed,
});
