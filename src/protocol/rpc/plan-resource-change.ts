import * as wire from '../gen/messages';
import { toWireDiagnostics, toWirePath } from './diagnostics';
import { diagnosed, unary } from './method';
import { fromIdentity, fromValue, toIdentity, toValue } from './values';

/** Plans a change of a resource. */
export const planResourceChange = unary({
  path: '/tfplugin6.Provider/PlanResourceChange',
  request: wire.PlanResourceChangeRequest,
  response: wire.PlanResourceChangeResponse,
  async handle({ provider }, request) {
    const answer = await provider.plan({
      type: request.typeName,
      prior: toValue(request.priorState),
      proposed: toValue(request.proposedNewState),
      config: toValue(request.config),
      private: request.priorPrivate,
      ...toIdentity(request.priorIdentity),
    });
    return {
      plannedState: fromValue(answer.planned),
      requiresReplace: answer.requiresReplace.map(toWirePath),
      plannedPrivate: answer.private ?? request.priorPrivate,
      diagnostics: toWireDiagnostics(answer.diagnostics),
      plannedIdentity: fromIdentity(answer.identity) ?? request.priorIdentity,
    };
  },
  failed: diagnosed,
});
