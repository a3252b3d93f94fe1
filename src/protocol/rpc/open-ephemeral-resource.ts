import * as wire from '../gen/messages';
import { diagnosed, unary } from './method';
import { fromEphemeral } from './ephemeral';
import { fromValue, toValue } from './values';

const reasons = {
  resource: wire.DeferredReason.RESOURCE_CONFIG_UNKNOWN,
  provider: wire.DeferredReason.PROVIDER_CONFIG_UNKNOWN,
} as const;

/** Opens an ephemeral resource. */
export const openEphemeralResource = unary({
  path: '/tfplugin6.Provider/OpenEphemeralResource',
  request: wire.OpenEphemeralResourceRequest,
  response: wire.OpenEphemeralResourceResponse,
  async handle({ provider }, request) {
    const answer = await provider.openEphemeral({
      type: request.typeName,
      config: toValue(request.config),
      deferralAllowed: request.clientCapabilities?.deferralAllowed ?? false,
      // The one trace of OpenTofu: it sends all of its capabilities with each call, and Terraform none with this one.
      unknownRefused: request.clientCapabilities?.writeOnlyAttributesAllowed ?? false,
    });
    return {
      result: fromValue(answer.result),
      ...fromEphemeral(answer),
      ...(answer.deferred && { deferred: { reason: reasons[answer.deferred] } }),
    };
  },
  failed: diagnosed,
});
