import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { fromIdentity, fromValue, toIdentity } from './values';

/** Imports an existing object that is not in the state yet. */
export const importResourceState = unary({
  path: '/tfplugin6.Provider/ImportResourceState',
  request: wire.ImportResourceStateRequest,
  response: wire.ImportResourceStateResponse,
  async handle({ provider }, request) {
    const { imported, diagnostics } = await provider.import({ type: request.typeName, id: request.id, ...toIdentity(request.identity) });
    return {
      importedResources: imported.map(({ type, state, private: kept, identity }) => ({
        typeName: type,
        state: fromValue(state),
        private: kept,
        identity: fromIdentity(identity),
      })),
      diagnostics: toWireDiagnostics(diagnostics),
    };
  },
  failed: diagnosed,
});
