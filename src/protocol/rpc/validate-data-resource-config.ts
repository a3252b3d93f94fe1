import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { toValue } from './values';

/** Checks the configuration of a data source. */
export const validateDataResourceConfig = unary({
  path: '/tfplugin6.Provider/ValidateDataResourceConfig',
  request: wire.ValidateDataResourceConfigRequest,
  response: wire.ValidateDataResourceConfigResponse,
  async handle({ provider }, request) {
    const { diagnostics } = await provider.validateDataSource({ type: request.typeName, config: toValue(request.config) });
    return { diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
