import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { NOT_JSON, toJson } from './raw-state';
import { fromIdentity, fromValue } from './values';

/** Takes over the state of a resource of another type or provider. */
export const moveResourceState = unary({
  path: '/tfplugin6.Provider/MoveResourceState',
  request: wire.MoveResourceStateRequest,
  response: wire.MoveResourceStateResponse,
  async handle({ provider }, request) {
    const json = toJson(request.sourceState);
    if (json === undefined) return { diagnostics: [NOT_JSON] };
    const answer = await provider.move({
      sourceProvider: request.sourceProviderAddress,
      sourceType: request.sourceTypeName,
      sourceVersion: Number(request.sourceSchemaVersion),
      json,
      targetType: request.targetTypeName,
    });
    return {
      targetState: fromValue(answer.state),
      diagnostics: toWireDiagnostics(answer.diagnostics),
      targetPrivate: answer.private,
      targetIdentity: fromIdentity(answer.identity),
    };
  },
  failed: diagnosed,
});
