import { basename } from 'node:path';
import { serve } from './protocol/serve';

/** One file serves every provider; which one it is, its own name says: `terraform-provider-NAME_vVERSION`. */
const name = /^terraform-provider-([a-z0-9]+)/.exec(basename(process.argv[1] ?? ''))?.[1] ?? 'artifactapi';

serve({
  async load({ log }) {
    const { composeProvider } = await import('./compose');
    return composeProvider(name, (level, message, fields) => log.log(level, message, fields));
  },
  async schemaBytes() {
    const { schemas } = await import('repoform:schemas');
    const encoded = schemas[name];
    if (encoded === undefined) throw new Error(`this file serves ${Object.keys(schemas).join(', ')}, not "${name}"`);
    return Buffer.from(encoded, 'base64');
  },
});
