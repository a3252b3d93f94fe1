import * as wire from '../gen/messages';
import { diagnosed, unary } from './method';
import { SERVER_CAPABILITIES } from './schemas';

/** Returns the names of everything the provider has. */
export const getMetadata = unary({
  path: '/tfplugin6.Provider/GetMetadata',
  request: wire.GetMetadataRequest,
  response: wire.GetMetadataResponse,
  handle({ provider }) {
    const schema = provider.schema();
    const types = (record: object) => Object.keys(record).map((typeName) => ({ typeName }));
    return {
      serverCapabilities: SERVER_CAPABILITIES,
      resources: types(schema.resources),
      dataSources: types(schema.dataSources),
      ephemeralResources: types(schema.ephemeralResources),
      actions: types(schema.actions),
      listResources: types(schema.listResources),
      functions: Object.keys(schema.functions).map((name) => ({ name })),
    };
  },
  failed: diagnosed,
});
