import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { schemasOf } from '../src/handler/schemas';
import { encodeProviderSchema } from '../src/protocol/rpc/schemas';
import { providers } from '../src/resources';

const root = join(__dirname, '..');

/** Answers `repoform:schemas`, so that a provider process builds no schema. */
const schemas: Plugin = {
  name: 'schemas',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^repoform:schemas$/ }, ({ path }) => ({ path, namespace: 'schemas' }));
    onLoad({ filter: /.*/, namespace: 'schemas' }, () => {
      const encoded = providers.map((provider) => [
        provider.name,
        Buffer.from(encodeProviderSchema(schemasOf(provider))).toString('base64'),
      ]);
      return { contents: `export const schemas = ${JSON.stringify(Object.fromEntries(encoded))};`, loader: 'js' };
    });
  },
};

/** Bundles the provider executable: `dist/provider/terraform-provider-NAME`, one file under each name. Answers the files that went in. */
export async function buildProvider(outdir = join(root, 'dist/provider')): Promise<string[]> {
  mkdirSync(outdir, { recursive: true });
  const [first, ...others] = providers.map(({ name }) => join(outdir, `terraform-provider-${name}`)) as [string, ...string[]];
  const { metafile } = await build({
    entryPoints: [join(root, 'src/provider.ts')],
    outfile: first,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [schemas],
    metafile: true,
    logLevel: 'warning',
  });
  for (const file of others) copyFileSync(first, file);
  for (const file of [first, ...others]) chmodSync(file, 0o755);
  return Object.keys(metafile.inputs);
}
