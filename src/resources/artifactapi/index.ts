import { UnexpectedAnswer } from '../../schema/define/errors';
import { connection } from '../../schema/define/connection';
import { isJsonObject } from '../../schema/define/json';
import type { ApiClient } from '../../schema/define/binding';
import { fetchAll } from '../../schema/define/paged';
import type { ProviderDefinition, ServerProof } from '../../schema/define/provider';
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
import { packages } from './gen/packages';
import { localFile } from './local-file';
import { remotes as remotesPath } from './paths';
import { localOf, remoteOf } from './shared';
import { virtual } from './virtual';

/** What the server says of itself; nothing when it says nothing of that kind. Others tell a version too, but not under a name. */
async function about(client: ApiClient): Promise<string | undefined> {
  const { json } = await client.send({ method: 'GET', path: '/version', mayLack: true });
  if (!isJsonObject(json) || typeof json['name'] !== 'string' || typeof json['version'] !== 'string') return undefined;
  return json['version'];
}

/** A gateway may have a health page of its own, but neither a list of remotes nor a version in JSON. */
const proofs: readonly ServerProof[] = [
  (client) => fetchAll(client, { keyField: 'name', ...remotesPath }),
  async (client) => {
    if ((await about(client)) === undefined)
      throw new UnexpectedAnswer('the answer to GET /version should be JSON with a name and a version');
    return undefined;
  },
];

/** The provider for ArtifactAPI. */
export const artifactapi: ProviderDefinition = {
  name: 'artifactapi',
  title: 'ArtifactAPI',
  description: 'Remotes, locals and virtuals of an ArtifactAPI server, the caching proxy for package repositories.',
  attributes: connection('ArtifactAPI'),
  resources: [...packages.map(remoteOf), ...packages.map(localOf), localFile, virtual],
  dataSources: [remote, remotes, virtualData, virtuals, objects, health, stats, probe],
  functions: [clientConfig, matchPath, repositoryUrl],
  proofs,
  serverVersion: about,
  async serves(client) {
    const { json } = await client.send({ method: 'GET', path: '/version' });
    const served = isJsonObject(json) ? json['serves'] : undefined;
    return Array.isArray(served) ? served.filter((one) => typeof one === 'string') : [];
  },
  example: { endpoint: 'http://127.0.0.1:8000' },
};
