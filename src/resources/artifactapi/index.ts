import {
  type ApiClient,
  connection,
  fetchAll,
  isJsonObject,
  defineProvider,
  restapiObject,
  type ServerProof,
  textOf,
  textsOf,
  UnexpectedAnswer,
} from '../../schema/define';
import { evictObjects } from './actions/evict-objects';
import { probeRemote } from './actions/probe-remote';
import { health } from './data-sources/health';
import { objects } from './data-sources/objects';
import { probe } from './data-sources/probe';
import { remote } from './data-sources/remote';
import { remotes } from './data-sources/remotes';
import { stats } from './data-sources/stats';
import { virtual as virtualData } from './data-sources/virtual';
import { virtuals } from './data-sources/virtuals';
import { clientConfig } from './functions/client-config';
import { matchPath } from './functions/match-path';
import { repositoryUrl } from './functions/repository-url';
import { packages } from '../../common/gen/packages';
import { localFile } from './local-file';
import { remotesPath } from './paths';
import { localOf, remoteOf } from './shared';
import { virtual } from './virtual';

/** The name of the server software, if returned. Other servers return a version too, but no name. */
async function about(client: ApiClient): Promise<string | undefined> {
  const { json } = await client.send({ method: 'GET', path: '/version', mayLack: true });
  return isJsonObject(json) && textOf(json.name) !== undefined ? textOf(json.version) : undefined;
}

/** A gateway may have a health page of its own, but neither a list of remotes nor a version in JSON. */
const proofs: readonly ServerProof[] = [
  (client) => fetchAll(client, { keyField: 'name', listNames: [], ...remotesPath }),
  async (client) => {
    if ((await about(client)) === undefined)
      throw new UnexpectedAnswer('the answer to GET /version should be JSON with a name and a version');
    return undefined;
  },
];

/** The provider for ArtifactAPI. */
export const artifactapi = defineProvider({
  name: 'artifactapi',
  title: 'ArtifactAPI',
  description: 'Remotes, locals and virtuals of an ArtifactAPI server, the caching proxy for package repositories.',
  attributes: connection('ArtifactAPI'),
  resources: [...packages.map(remoteOf), ...packages.map(localOf), localFile, virtual],
  dataSources: [remote, remotes, virtualData, virtuals, objects, health, stats, probe],
  actions: [evictObjects, probeRemote],
  functions: [clientConfig, matchPath, repositoryUrl],
  proofs,
  access:
    'ArtifactAPI has no users and checks no permissions: whoever reaches it may do everything. To limit what a client may do, put a reverse proxy in front of it that filters by method and path. The embedded registry can require tokens with scopes instead: read:* for plans, admin:* for applying.',
  serverVersion: about,
  async serves(client) {
    const { json } = await client.send({ method: 'GET', path: '/version' });
    return isJsonObject(json) ? textsOf(json.serves) : [];
  },
  movesFrom: [restapiObject],
  example: { endpoint: 'http://127.0.0.1:8000' },
});
