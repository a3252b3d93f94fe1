import * as wire from '../gen/messages';
import { unary } from './method';

/** Cancels what is in flight. */
export const stopProvider = unary({
  path: '/tfplugin6.Provider/StopProvider',
  request: wire.StopProviderRequest,
  response: wire.StopProviderResponse,
  handle({ provider }) {
    provider.stop();
    return {};
  },
  failed: (diagnostic) => ({ error: `${diagnostic.summary}: ${diagnostic.detail}` }),
});
