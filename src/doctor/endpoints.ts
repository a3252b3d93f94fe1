import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHclBlocks } from '../../constructs/provider/hcl-blocks';
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
  const declared = [
    ...stacksIn(folder).flatMap((file) => blocksIn(file, provider.name)),
    ...hclIn(folder).flatMap((text) => hclBlocksIn(text, provider.name)),
  ];
  const written = declared
    .map((block) => block['endpoint'])
    .filter((url): url is string => typeof url === 'string' && /^https?:/i.test(url) && !url.includes('${'));
  return [...new Set([...written, ...(fromEnvironment ? [fromEnvironment] : [])])];
}

/** The resource types that the app or configuration in a folder uses. */
export const typesUsed = (folder: string): ReadonlySet<string> =>
  new Set([
    ...stacksIn(folder).flatMap((file) => Object.keys(partIn(file, 'resource'))),
    ...hclIn(folder).flatMap((text) => [...text.matchAll(/^[ \t]*resource[ \t]+"(\w+)"/gm)].map(([, type]) => type as string)),
  ]);

/** The synthesized stacks of an app. */
export function stacksIn(folder: string): readonly string[] {
  const stacks = join(folder, 'cdktf.out/stacks');
  const files = existsSync(stacks) ? readdirSync(stacks).map((name) => join(stacks, name, 'cdk.tf.json')) : [];
  return files.filter((file) => existsSync(file));
}

function blocksIn(file: string, name: string): readonly Readonly<Record<string, unknown>>[] {
  const blocks = partIn(file, 'provider')[name];
  return Array.isArray(blocks) ? (blocks as readonly Readonly<Record<string, unknown>>[]) : [];
}

/** A part of a synthesized stack; what is wrong with a stack is told by the check of its files. */
export function partIn(file: string, part: 'provider' | 'resource' | 'variable'): Readonly<Record<string, unknown>> {
  try {
    const found = (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>)[part];
    return typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** The texts of a configuration in HCL. */
export const hclIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => /\.(?:tf|tofu)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));

/** The provider blocks of a configuration in HCL; values that are expressions are kept as they are written. */
const hclBlocksIn = (text: string, name: string): readonly Readonly<Record<string, unknown>>[] =>
  [...text.matchAll(new RegExp(`^[ \\t]*provider[ \\t]+"${name}"[ \\t]*\\{`, 'gm'))].flatMap(({ index }) =>
    parseHclBlocks(text.slice(index))
      .blocks.slice(0, 1)
      .map(({ body }) => body.attributes),
  );
