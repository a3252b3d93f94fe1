import type { ServerOf } from '../../checks/check';
import type { CheckedServer } from '../../checks/define';
import type { Resource } from '../../checks/model/resource';
import { valueAt } from '../../plans/value';
import type { ProviderHandler } from '../../handler/provider-handler';
import type { ProviderDefinition } from '../../schema/define';
import { connected, endpointOf } from '../connected';
import { Misuse } from '../failure';

/** The servers that endpoints lead to, for as long as they are needed. */
export interface Servers {
  readonly of: ServerOf;
  end(): Promise<void>;
}

/** The providers that are known, and the names of those that are used. */
interface ServerContext {
  readonly definitions: readonly ProviderDefinition[];
  readonly used: ReadonlySet<string>;
}

/** Connects to the servers of the providers that are used. */
export async function connectServers(endpoints: readonly string[], { definitions, used }: ServerContext): Promise<Servers> {
  const handlers = new Map<string, ProviderHandler>();
  for (const given of endpoints) {
    const { provider, url } = endpointFor(given, { definitions, used });
    if (provider) handlers.set(provider.name, await connected(provider, endpointOf(provider, url).url));
  }
  const servers = new Map([...handlers].map(([name, handler]) => [name, serverOf(handler)]));
  return {
    of: ({ provider }) => servers.get(provider),
    async end() {
      for (const handler of handlers.values()) {
        handler.stop();
        await handler.end();
      }
    },
  };
}

/** The provider that an endpoint is for; nothing if none of those that are known is used. */
function endpointFor(given: string, { definitions, used }: ServerContext): { provider: ProviderDefinition | undefined; url: string } {
  const [, name, url] = /^([a-z][a-z0-9]*)=(.*)$/s.exec(given) ?? [undefined, undefined, given];
  const named = definitions.find((one) => one.name === name);
  if (named) return { provider: named, url };
  const names = definitions.map((one) => one.name);
  if (name !== undefined) throw new Misuse(`unknown provider "${name}" in --endpoint; expected one of ${names.join(', ')}`);
  const [provider, ...others] = definitions.filter((one) => used.has(one.name));
  if (provider && others.length > 0)
    throw new Misuse(
      `several providers are used (${[provider, ...others].map((one) => one.name).join(', ')}), so --endpoint has to name one: --endpoint ${provider.name}=${url}`,
    );
  return { provider, url };
}

function serverOf(handler: ProviderHandler): CheckedServer {
  let declared: Promise<readonly string[]> | undefined;
  return {
    filesOf: (resource) => {
      const { known, values } = (resource as Resource).declared;
      const key = (known?.key ?? []).map((name) => valueAt(values, name)).filter((part) => typeof part === 'string');
      return handler.held(resource.type, { key });
    },
    serves: () => (declared ??= handler.serves()),
  };
}
