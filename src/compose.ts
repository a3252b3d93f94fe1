import { ProviderHandler } from './handler/provider-handler';
import type { Provider } from './handler/provider';
import type { Log } from './handler/session';
import { loaders } from './resources/load';

/** Joins the definitions of a provider with the handler. Throws for an unknown name. */
export function composeProvider(name: string, log: Log, env: NodeJS.ProcessEnv = process.env): Provider {
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (!load) throw new Error(`there is no provider "${name}"; there are: ${Object.keys(loaders).join(', ')}`);
  return new ProviderHandler(load(), { env, log });
}
