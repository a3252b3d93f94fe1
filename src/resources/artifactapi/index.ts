import { connection } from '../../schema/connection';
import type { ProviderDefinition } from '../../schema/provider';
import { packages } from './gen/packages';
import { localOf, remoteOf } from './shared';
import { virtual } from './virtual';

/** The provider for ArtifactAPI. */
export const artifactapi: ProviderDefinition = {
  name: 'artifactapi',
  title: 'ArtifactAPI',
  description: 'Remotes, locals and virtuals of an ArtifactAPI server, the caching proxy for package repositories.',
  attributes: connection('ArtifactAPI'),
  resources: [...packages.map(remoteOf), ...packages.map(localOf), virtual],
  dataSources: [],
  functions: [],
  example: { endpoint: 'http://127.0.0.1:8000' },
};
