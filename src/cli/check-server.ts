import type { ServerOf } from '../checks/check';
import type { CheckedServer } from '../checks/define';
import type { Resource } from '../checks/model/resource';
import { valueAt } from '../plans/value';
import type { ProviderHandler } from '../handler/provider-handler';
import { loaders } from '../resources/load';
import { connected, endpointOf } from './connected';
import { Failure } from './failure';

/** The servers that endpoints lead to, for as long as they are needed. */
export interface Servers {
  readonly of: ServerOf;
  end(): Promise<void>;
}

/** Connects to the servers of the providers that are used. */
export async function connectServers(endpoints: readonly string[], used: ReadonlySet<string>): Promise<Servers> {
  const handlers = new Map<string, ProviderHandler>();
  for (const given of endpoints) {
    const { name, url } = endpointFor(given, used);
    const provider = loaders[name]?.();
    if (provider) handlers.set(name, await connected(provider, endpointOf(provider, url).url));
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

function endpointFor(given: string, used: ReadonlySet<string>): { readonly name: string; readonly url: string } {
  const [, name, url] = /^([a-z][a-z0-9]*)=(.*)$/s.exec(given) ?? [undefined, undefined, given];
  const names = Object.keys(loaders).filter((one) => used.has(one));
  if (name !== undefined && !Object.hasOwn(loaders, name))
    throw new Failure(`unknown provider "${name}" in --endpoint; expected one of ${Object.keys(loaders).join(', ')}`);
  if (name !== undefined) return { name, url };
  if (names.length > 1)
    throw new Failure(`several providers are used (${names.join(', ')}), so --endpoint has to name one: --endpoint ${names[0]}=${url}`);
  return { name: names[0] ?? '', url };
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
