import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { toValue } from './values';

/** Checks the configuration of an action. */
export const validateActionConfig = unary({
  path: '/tfplugin6.Provider/ValidateActionConfig',
  request: wire.ValidateActionConfigRequest,
  response: wire.ValidateActionConfigResponse,
  async handle({ provider }, request) {
    const { diagnostics } = await provider.validateAction({ type: request.actionType, config: toValue(request.config) });
    return { diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
