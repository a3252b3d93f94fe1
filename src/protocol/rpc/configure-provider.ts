import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { toValue } from './values';

/** Hands the provider its configuration. */
export const configureProvider = unary({
  path: '/tfplugin6.Provider/ConfigureProvider',
  request: wire.ConfigureProviderRequest,
  response: wire.ConfigureProviderResponse,
  async handle({ provider }, request) {
    const { diagnostics } = await provider.configure({ terraformVersion: request.terraformVersion, config: toValue(request.config) });
    return { diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
