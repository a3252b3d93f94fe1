import * as wire from '../gen/messages';
import { diagnosed, unary } from './method';
import { fromEphemeral } from './ephemeral';
import { NONE } from './values';

/** Renews an ephemeral resource; private data stays unless the provider replaces it. */
export const renewEphemeralResource = unary({
  path: '/tfplugin6.Provider/RenewEphemeralResource',
  request: wire.RenewEphemeralResourceRequest,
  response: wire.RenewEphemeralResourceResponse,
  async handle({ provider }, request) {
    const answer = await provider.renewEphemeral({ type: request.typeName, private: request.private ?? NONE });
    return { private: request.private, ...fromEphemeral(answer) };
  },
  failed: diagnosed,
});
