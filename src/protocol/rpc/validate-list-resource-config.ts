import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { toValue } from './values';

/** Checks the `config` block of a list. */
export const validateListResourceConfig = unary({
  path: '/tfplugin6.Provider/ValidateListResourceConfig',
  request: wire.ValidateListResourceConfigRequest,
  response: wire.ValidateListResourceConfigResponse,
  async handle({ provider }, request) {
    const { diagnostics } = await provider.validateList({ type: request.typeName, config: toValue(request.config) });
    return { diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
