import { type ApiClient, ApiError, isJsonObject, type JsonObject, textOf, UnexpectedAnswer } from '../../schema/define';
import { hasNamedObjects } from '../../common/kubesphere/version';
import type { Generation } from './generations/generation';
import { v3 } from './generations/v3';
import { v4 } from './generations/v4';

/** A server: its version, and how it is spoken to. */
export interface Server {
  /** E.g. `3.4.1`; `3` or `4` if the server does not say more. */
  readonly version: string;
  readonly generation: Generation;
}

/** The server behind a client; asked once per process. */
export const serverOf = (client: ApiClient): Promise<Server> => client.once(detect);

async function detect(client: ApiClient): Promise<Server> {
  const { apiVersion } = client.settings;
  const forced = typeof apiVersion === 'string' && apiVersion !== 'auto' ? apiVersion.replace('v', '') : undefined;
  const version = await versionOf(client, forced);
  client.log('the server is KubeSphere', { version, detected: forced === undefined });
  return { version, generation: hasNamedObjects(version) ? v4 : v3 };
}

/** Each generation opens another one of two paths to everybody; a version of another generation than the one asked for is not believed. */
async function versionOf(client: ApiClient, forced: string | undefined): Promise<string> {
  const paths = [
    ['4', '/version'],
    ['3', '/kapis/version'],
  ] as const;
  for (const [generation, path] of paths) {
    if (forced !== undefined && generation !== forced) continue;
    try {
      const told = numberIn(await client.get(path, { mayLack: true }));
      if (told === undefined || told === '0.0.0')
        return generation === '4' || forced !== undefined ? generation : await probed(client, '3');
      if (/^[34]\./.test(told) && (forced === undefined || told.startsWith(forced))) return told;
    } catch (thrown) {
      if (!isShut(thrown)) throw thrown;
    }
  }
  return forced ?? probed(client);
}

const numberIn = (json: JsonObject): string | undefined => /^v?(\d+\.\d+\.\d+)/.exec(textOf(json.gitVersion) ?? '')?.[1];

/** Not open to this caller, or not there: the console in front of the server answers with a page. */
const isShut = (thrown: unknown): boolean =>
  thrown instanceof UnexpectedAnswer || (thrown instanceof ApiError && (thrown.status === 403 || thrown.status === 404));

/**
 * Asks for the repositories of version 4, whose route version 3 lacks.
 *
 * @param otherwise the version if the caller may not ask, which says nothing because it comes before the routing
 */
async function probed(client: ApiClient, otherwise?: string): Promise<string> {
  try {
    await client.send({ method: 'GET', path: '/kapis/application.kubesphere.io/v2/repos?limit=1', mayLack: true });
    return '4';
  } catch (thrown) {
    // Gateways answer 404 as well, but not in the words of the API.
    if (thrown instanceof ApiError && thrown.status === 404 && thrown.apiCode !== undefined) return '3';
    if (otherwise === undefined || !isShut(thrown)) throw thrown;
    return otherwise;
  }
}

/** Proves that the server is KubeSphere: its version, as JSON. That of a bare Kubernetes is 1.x. */
export async function proof(client: ApiClient): Promise<undefined> {
  for (const path of ['/version', '/kapis/version']) {
    const told = await client.get(path).catch((thrown: unknown) => (isShut(thrown) ? undefined : Promise.reject(thrown)));
    if (isJsonObject(told) && typeof told.gitVersion === 'string' && !/^v?1\./.test(told.gitVersion)) return undefined;
  }
  throw new Error('neither /version nor /kapis/version answers');
}
