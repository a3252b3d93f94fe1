import { ProviderHandler } from './handler/provider-handler';
import type { Provider } from './handler/provider';
import type { Log } from './handler/session';
import { providers } from './resources';

/** Joins the definitions of a provider with the handler. Throws for a name that there is not. */
export function composeProvider(name: string, log: Log, env: NodeJS.ProcessEnv = process.env): Provider {
  const definition = providers.find((provider) => provider.name === name);
  if (!definition) throw new Error(`there is no provider "${name}"; there are: ${providers.map((provider) => provider.name).join(', ')}`);
  return new ProviderHandler(definition, { env, log });
}
