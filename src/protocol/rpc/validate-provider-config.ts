import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { toValue } from './values';

/** Checks the configuration of the provider. */
export const validateProviderConfig = unary({
  path: '/tfplugin6.Provider/ValidateProviderConfig',
  request: wire.ValidateProviderConfigRequest,
  response: wire.ValidateProviderConfigResponse,
  async handle({ provider }, request) {
    const { diagnostics } = await provider.validateProviderConfig({ config: toValue(request.config) });
    return { diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
