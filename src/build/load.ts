import type { build } from 'esbuild';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import * as language from '../schema/define';
import type { ProviderDefinition } from '../schema/define/provider';
import { languageModule } from './language';

/** Runs a module, in TypeScript or JavaScript, that exports a provider by default. Its language is that of this process. */
export async function loadDefinition(entry: string, bundler: Bundler): Promise<ProviderDefinition> {
  return runDefinition(await bundleDefinition(entry, bundler, 'inline'), entry);
}

type Bundler = { readonly build: typeof build };

/** A module and what it imports of its own package as one script; other packages stay outside. */
export async function bundleDefinition(entry: string, bundler: Bundler, sourcemap: 'inline' | false = false): Promise<string> {
  const { outputFiles } = await bundler.build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    sourcemap,
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/** Runs such a script, which finds other packages as the module in `entry` does. */
export function runDefinition(script: string, entry: string): ProviderDefinition {
  const own = createRequire(entry);
  const load = (name: string): unknown => (name === languageModule ? language : own(name));
  const module = { exports: {} as { readonly default?: unknown } };
  compileFunction(script, ['module', 'exports', 'require'], { filename: `${entry}.cjs` })(module, module.exports, load);
  const definition = module.exports.default;
  if (!isDefinition(definition))
    throw new Error(`${entry} does not export a provider; end it with "export default defineProvider({ ... })"`);
  return definition;
}

function isDefinition(value: unknown): value is ProviderDefinition {
  return typeof value === 'object' && value !== null && 'name' in value && 'resources' in value && Array.isArray(value.resources);
}
