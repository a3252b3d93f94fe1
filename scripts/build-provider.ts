import { join } from 'node:path';
import { build } from 'esbuild';
import { buildExecutable } from '../src/build/executable';
import { schemasOf } from '../src/handler/schemas';
import { encodeProviderSchema } from '../src/protocol/rpc/schemas';
import { providers } from '../src/resources';

const root = join(__dirname, '..');
const runtime = join(root, 'src');

/** Builds the executable of every provider, `dist/provider/terraform-provider-NAME`. Answers the files that went in. */
export async function buildProvider(outdir = join(root, 'dist/provider')): Promise<string[]> {
  const inputs = providers.map((provider) =>
    buildExecutable(
      { build, runtime },
      {
        file: join(outdir, `terraform-provider-${provider.name}`),
        module: join(runtime, 'resources', provider.name, 'index.ts'),
        exported: provider.name,
        schema: encodeProviderSchema(schemasOf(provider)),
      },
    ),
  );
  return [...new Set((await Promise.all(inputs)).flat())];
}
