import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { fromIdentity, fromValue, toIdentity, toValue } from './values';

/** Refreshes the state of a resource; private data and identity stay unless the provider replaces them. */
export const readResource = unary({
  path: '/tfplugin6.Provider/ReadResource',
  request: wire.ReadResourceRequest,
  response: wire.ReadResourceResponse,
  async handle({ provider }, request) {
    const current = { type: request.typeName, state: toValue(request.currentState), private: request.private };
    const answer = await provider.read({ ...current, ...toIdentity(request.currentIdentity) });
    return {
      newState: fromValue(answer.state),
      diagnostics: toWireDiagnostics(answer.diagnostics),
      private: answer.private ?? request.private,
      newIdentity: fromIdentity(answer.identity) ?? request.currentIdentity,
    };
  },
  failed: (diagnostic, request) => ({
    ...diagnosed(diagnostic),
    newState: request.currentState,
    private: request.private,
    newIdentity: request.currentIdentity,
  }),
});
