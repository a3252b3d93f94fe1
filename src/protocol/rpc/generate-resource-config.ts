import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { fromValue, toValue } from './values';

/** Returns the configuration that manages an object as its state says. */
export const generateResourceConfig = unary({
  path: '/tfplugin6.Provider/GenerateResourceConfig',
  request: wire.GenerateResourceConfigRequest,
  response: wire.GenerateResourceConfigResponse,
  async handle({ provider }, request) {
    const { config, diagnostics } = await provider.generateConfig({ type: request.typeName, state: toValue(request.state) });
    return { config: fromValue(config), diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: (diagnostic) => ({ config: fromValue(null), ...diagnosed(diagnostic) }),
});
