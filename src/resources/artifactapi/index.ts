import { connection } from '../../schema/connection';
import { isJsonObject } from '../../schema/json';
import type { ProviderDefinition } from '../../schema/provider';
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
import { localOf, remoteOf } from './shared';
import { virtual } from './virtual';

/** The provider for ArtifactAPI. */
export const artifactapi: ProviderDefinition = {
  name: 'artifactapi',
  title: 'ArtifactAPI',
  description: 'Remotes, locals and virtuals of an ArtifactAPI server, the caching proxy for package repositories.',
  attributes: connection('ArtifactAPI'),
  resources: [...packages.map(remoteOf), ...packages.map(localOf), localFile, virtual],
  dataSources: [remote, remotes, virtualData, virtuals, objects, health, stats, probe],
  functions: [clientConfig, matchPath, repositoryUrl],
  async serverVersion(client) {
    const { json } = await client.send({ method: 'GET', path: '/version' });
    return isJsonObject(json) && typeof json['version'] === 'string' ? json['version'] : undefined;
  },
  example: { endpoint: 'http://127.0.0.1:8000' },
};
