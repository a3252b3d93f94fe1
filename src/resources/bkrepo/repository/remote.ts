import { attr, baseUrl } from '../../../schema/define';
import { credentialAttributes, repositoryOf, upstreamAttributes } from './shared';
import { proxying } from './types';

export const remoteRepository = repositoryOf({
  name: 'REMOTE',
  clients: 'remote',
  secrets: true,
  description: 'A caching proxy for one upstream. Updates send the whole configuration; a password that is not managed stays unchanged.',
  types: proxying,
  typesError: `the server has only a stub for remote repositories of other types; allowed are ${proxying.join(', ')}`,
  attributes: {
    upstreamUrl: attr(baseUrl, 'Base URL of the upstream.', { api: 'configuration.url', impact: 'upstream' }),
    ...credentialAttributes('configuration.credentials'),
    ...upstreamAttributes('configuration'),
  },
  example: {
    minimal: { type: 'NPM', upstreamUrl: 'https://npm.example.com' },
    full: {
      username: 'reader',
      connectTimeout: 5000,
      readTimeout: 30_000,
      networkProxy: { host: 'proxy.example.com', port: 3128 },
      cacheEnabled: true,
      cacheExpiration: 60,
    },
  },
});
