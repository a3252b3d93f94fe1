import type { build } from 'esbuild';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import * as language from '../schema/define';
import type { ProviderDefinition } from '../schema/define/provider';
import { languageModule } from './language';

/** Runs a module, in TypeScript or JavaScript, that exports a provider by default. Its language is that of this process. */
export async function loadDefinition(entry: string, bundler: { readonly build: typeof build }): Promise<ProviderDefinition> {
  const { outputFiles } = await bundler.build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    sourcemap: 'inline',
    write: false,
    logLevel: 'warning',
  });
  const text = outputFiles[0]?.text ?? '';
  const own = createRequire(entry);
  const load = (name: string): unknown => (name === languageModule ? language : own(name));
  const module = { exports: {} as { readonly default?: unknown } };
  compileFunction(text, ['module', 'exports', 'require'], { filename: `${entry}.cjs` })(module, module.exports, load);
  const definition = module.exports.default;
  if (!isDefinition(definition))
    throw new Error(`${entry} does not export a provider; end it with "export default defineProvider({ ... })"`);
  return definition;
}

function isDefinition(value: unknown): value is ProviderDefinition {
  return typeof value === 'object' && value !== null && 'name' in value && 'resources' in value && Array.isArray(value.resources);
}
