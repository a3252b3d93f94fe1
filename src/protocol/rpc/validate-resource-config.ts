import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { toValue } from './values';

/** Checks the configuration of a resource. */
export const validateResourceConfig = unary({
  path: '/tfplugin6.Provider/ValidateResourceConfig',
  request: wire.ValidateResourceConfigRequest,
  response: wire.ValidateResourceConfigResponse,
  async handle({ provider }, request) {
    const { diagnostics } = await provider.validateResource({
      type: request.typeName,
      config: toValue(request.config),
      writeOnlyAllowed: request.clientCapabilities?.writeOnlyAttributesAllowed ?? false,
    });
    return { diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
