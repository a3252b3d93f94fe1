import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { fromIdentity, fromValue, toIdentity, toValue } from './values';

/** Applies the plan of a resource; on an unexpected failure, the prior state is kept. */
export const applyResourceChange = unary({
  path: '/tfplugin6.Provider/ApplyResourceChange',
  request: wire.ApplyResourceChangeRequest,
  response: wire.ApplyResourceChangeResponse,
  async handle({ provider }, request) {
    const answer = await provider.apply({
      type: request.typeName,
      prior: toValue(request.priorState),
      planned: toValue(request.plannedState),
      config: toValue(request.config),
      private: request.plannedPrivate,
      ...toIdentity(request.plannedIdentity),
    });
    return {
      newState: fromValue(answer.state),
      private: answer.private ?? request.plannedPrivate,
      diagnostics: toWireDiagnostics(answer.diagnostics),
      newIdentity: fromIdentity(answer.identity) ?? (answer.state === null ? undefined : request.plannedIdentity),
    };
  },
  failed: (diagnostic, request) => ({ ...diagnosed(diagnostic), newState: request.priorState, private: request.plannedPrivate }),
});
