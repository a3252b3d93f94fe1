import * as wire from '../gen/messages';
import { diagnosed, unary } from './method';
import { fromEphemeral } from './ephemeral';
import { NONE } from './values';

/** Prolongs the life of an ephemeral resource; what the provider keeps in private stays unless it says otherwise. */
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
