import { serve } from './protocol/serve';

serve({
  async load({ log }) {
    const [{ ProviderHandler }, { definition }] = [await import('./handler/provider-handler'), await import('repoform:served')];
    return new ProviderHandler(definition(), { env: process.env, log: (level, message, fields) => log.log(level, message, fields) });
  },
  async schemaBytes() {
    const { schema } = await import('repoform:served');
    return Buffer.from(schema(), 'base64');
  },
});
