import * as wire from '../gen/messages';
import { toWireDiagnostics } from './diagnostics';
import { diagnosed, unary } from './method';
import { fromValue, toValue } from './values';

/** Reads a data source. */
export const readDataSource = unary({
  path: '/tfplugin6.Provider/ReadDataSource',
  request: wire.ReadDataSourceRequest,
  response: wire.ReadDataSourceResponse,
  async handle({ provider }, request) {
    const { state, diagnostics } = await provider.readDataSource({ type: request.typeName, config: toValue(request.config) });
    return { state: fromValue(state), diagnostics: toWireDiagnostics(diagnostics) };
  },
  failed: diagnosed,
});
