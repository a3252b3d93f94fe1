import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { NOT_JSON, toJson } from './raw-state';
import { fromIdentity } from './values';

/** Brings the identity of a resource to the current version of its schema. */
export const upgradeResourceIdentity = unary({
  path: '/tfplugin6.Provider/UpgradeResourceIdentity',
  request: wire.UpgradeResourceIdentityRequest,
  response: wire.UpgradeResourceIdentityResponse,
  async handle({ provider }, { typeName, version, rawIdentity }) {
    const json = toJson(rawIdentity);
    if (json === undefined) return { diagnostics: [NOT_JSON] };
    const { identity, diagnostics } = await provider.upgradeIdentity({ type: typeName, version: Number(version), json });
    return { upgradedIdentity: fromIdentity(identity), diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
