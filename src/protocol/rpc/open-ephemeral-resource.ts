import * as wire from '../gen/messages';
import { diagnosed, unary } from './method';
import { fromEphemeral } from './ephemeral';
import { fromValue, toValue } from './values';

/** Opens an ephemeral resource. */
export const openEphemeralResource = unary({
  path: '/tfplugin6.Provider/OpenEphemeralResource',
  request: wire.OpenEphemeralResourceRequest,
  response: wire.OpenEphemeralResourceResponse,
  async handle({ provider }, request) {
    const answer = await provider.openEphemeral({ type: request.typeName, config: toValue(request.config) });
    return { result: fromValue(answer.result), ...fromEphemeral(answer) };
  },
  failed: diagnosed,
});
