import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentName } from '../handler/configuration';
import type { ProviderDefinition } from '../schema/define/provider';
import { fieldsOf } from '../schema/define/shape';

/** The environment variable with the endpoint of a provider. */
export function endpointVariable(provider: ProviderDefinition): string | undefined {
  const field = fieldsOf(provider.attributes).find(({ name }) => name === 'endpoint');
  return field && environmentName(provider, field);
}

/** The servers that a provider is used with here: those of the synthesized stacks, and that of the environment. */
export function endpointsOf(
  provider: ProviderDefinition,
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string | undefined>> },
): readonly string[] {
  const fromEnvironment = env[endpointVariable(provider) ?? ''];
  const stacks = join(folder, 'cdktf.out/stacks');
  const files = existsSync(stacks) ? readdirSync(stacks).map((name) => join(stacks, name, 'cdk.tf.json')) : [];
  const declared = files.filter((file) => existsSync(file)).flatMap((file) => blocksIn(file, provider.name));
  const written = declared.map((block) => block['endpoint']).filter((url): url is string => typeof url === 'string' && !url.includes('${'));
  return [...new Set([...written, ...(fromEnvironment ? [fromEnvironment] : [])])];
}

function blocksIn(file: string, name: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    const { provider = {} } = JSON.parse(readFileSync(file, 'utf8')) as { readonly provider?: Readonly<Record<string, unknown>> };
    const blocks = provider[name];
    return Array.isArray(blocks) ? (blocks as readonly Readonly<Record<string, unknown>>[]) : [];
  } catch {
    // What is wrong with a stack is told by the check of its files.
    return [];
  }
}
