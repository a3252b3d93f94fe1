import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { NONE } from './values';

/** Closes an ephemeral resource. */
export const closeEphemeralResource = unary({
  path: '/tfplugin6.Provider/CloseEphemeralResource',
  request: wire.CloseEphemeralResourceRequest,
  response: wire.CloseEphemeralResourceResponse,
  async handle({ provider }, request) {
    const { diagnostics } = await provider.closeEphemeral({ type: request.typeName, private: request.private ?? NONE });
    return { diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
