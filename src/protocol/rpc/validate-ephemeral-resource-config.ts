import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { toValue } from './values';

/** Checks the configuration of an ephemeral resource. */
export const validateEphemeralResourceConfig = unary({
  path: '/tfplugin6.Provider/ValidateEphemeralResourceConfig',
  request: wire.ValidateEphemeralResourceConfigRequest,
  response: wire.ValidateEphemeralResourceConfigResponse,
  async handle({ provider }, request) {
    const { diagnostics } = await provider.validateEphemeral({ type: request.typeName, config: toValue(request.config) });
    return { diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
