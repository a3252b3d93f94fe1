import { ProviderHandler } from '../../../src/handler/provider-handler';
import { serve } from '../../../src/protocol/serve';
import { gate } from './definition';

serve({
  load: ({ log }) => new ProviderHandler(gate, { env: process.env, log: (level, message, fields) => log.log(level, message, fields) }),
});
