import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { NOT_JSON, toJson } from './raw-state';
import { fromValue } from './values';

/** Brings the state of a resource to the current version of its schema. */
export const upgradeResourceState = unary({
  path: '/tfplugin6.Provider/UpgradeResourceState',
  request: wire.UpgradeResourceStateRequest,
  response: wire.UpgradeResourceStateResponse,
  async handle({ provider }, { typeName, version, rawState }) {
    const json = toJson(rawState);
    if (json === undefined) return { diagnostics: [NOT_JSON] };
    const { state, diagnostics } = await provider.upgradeState({ type: typeName, version: Number(version), json });
    return { upgradedState: fromValue(state), diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
