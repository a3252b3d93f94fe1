import { attr, baseUrl, z } from '../../../schema/define';
import { credentialAttributes, repositoryOf } from './shared';
import { mirrored } from './types';

const at = 'configuration.proxy';

export const proxyRepository = repositoryOf({
  name: 'PROXY',
  secrets: true,
  description: 'A mirror of a Git or Subversion server.',
  types: mirrored,
  typesError: `the server mirrors only ${mirrored.join(' and ')}; for a package upstream, use bkrepo_remote_repository or bkrepo_composite_repository`,
  attributes: {
    upstreamName: attr(z.string().min(1).default('upstream'), 'Name of the upstream.', { api: `${at}.name` }),
    upstreamUrl: attr(baseUrl, 'Base URL of the upstream.', { api: `${at}.url`, impact: 'upstream' }),
    upstreamPublic: attr(z.boolean().default(true), 'Whether the upstream allows anonymous access.', { api: `${at}.public` }),
    ...credentialAttributes(at),
  },
  example: {
    minimal: { type: 'GIT', upstreamUrl: 'https://git.example.com/group/project.git' },
    full: { upstreamName: 'group', upstreamPublic: false, username: 'reader', settings: { system: true } },
  },
});
