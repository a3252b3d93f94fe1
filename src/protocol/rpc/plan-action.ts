import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { toValue } from './values';

/** Tells whether an action can be invoked. */
export const planAction = unary({
  path: '/tfplugin6.Provider/PlanAction',
  request: wire.PlanActionRequest,
  response: wire.PlanActionResponse,
  async handle({ provider }, request) {
    const { diagnostics, deferred } = await provider.planAction({
      type: request.actionType,
      config: toValue(request.config),
      deferralAllowed: request.clientCapabilities?.deferralAllowed ?? false,
    });
    return {
      diagnostics: toWireDiagnostics(diagnostics),
      ...(deferred && { deferred: { reason: wire.DeferredReason.PROVIDER_CONFIG_UNKNOWN } }),
    };
  },
  failed: diagnosed,
});
