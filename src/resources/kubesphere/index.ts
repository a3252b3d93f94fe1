import { attr, type Attributes, connection, defineProvider, text, wholeNumber, z } from '../../schema/define';
import { syncAppRepository } from './actions';
import { appRepository } from './app-repository';
import { dataSources } from './data-sources';
import { decodeError } from './decode-error';
import { s3UrlFunction } from './functions';
import { defaultClient, passwordGrant, tokenProblem } from './login';
import { proof, serverOf } from './server';

const credentialsBlock = {
  token: attr(text(tokenProblem).optional(), 'Access token, e.g. of a service account.', {
    sensitive: true,
    conflicts: ['username', 'password'],
  }),
  username: attr(z.string().min(1).optional(), 'User to log in as. A login may end the sessions of a person, so use a user of its own.', {
    requires: ['password'],
  }),
  password: attr(z.string().min(1).optional(), 'Password of the user.', { sensitive: true, requires: ['username'] }),
  clientId: attr(z.string().min(1).optional(), 'OAuth client to log in with. Default `kubesphere`.', { requires: ['username'] }),
  clientSecret: attr(z.string().min(1).optional(), 'Secret of the OAuth client. Default `kubesphere`.', {
    sensitive: true,
    requires: ['username'],
  }),
} satisfies Attributes;

/** The provider for KubeSphere. */
export const kubesphere = defineProvider({
  name: 'kubesphere',
  title: 'KubeSphere',
  description: 'App repositories in the workspaces of KubeSphere 3 and 4.',
  attributes: {
    ...connection('KubeSphere', credentialsBlock),
    apiVersion: attr(
      z.enum(['auto', '3', '4', 'v3', 'v4']).default('auto'),
      'Generation of the server: `3` or `4` (also written `v3` and `v4`), or `auto` to find out, which a server behind a proxy may not allow.',
    ),
    validationTimeout: attr(
      wholeNumber('a whole number').min(1).optional(),
      'Timeout in seconds of requests for which the server reads an index; it gives up after 5 minutes itself. Default 330.',
    ),
  },
  connect({ config, client }) {
    const { token, username, password, clientId = defaultClient, clientSecret = defaultClient } = config;
    if (token !== undefined) return client.with({ headers: { authorization: `Bearer ${token}` } });
    if (username === undefined || password === undefined) return client;
    return client.with({ login: passwordGrant({ username, password, clientId, clientSecret }) });
  },
  anonymousWarning:
    'The provider has no credentials, and KubeSphere shows nothing to anonymous users. Set username and password (KUBESPHERE_USERNAME, KUBESPHERE_PASSWORD), or token (KUBESPHERE_TOKEN).',
  access:
    'KubeSphere checks each request against the rules of the roles of the user: verbs on resources of the API group `application.kubesphere.io` (KubeSphere 4) or `openpitrix.io` (KubeSphere 3), in a workspace by its roles, everywhere by platform roles. Every user of KubeSphere 4 may ask whether a workspace exists; on KubeSphere 3, that and finding what to adopt takes a platform role that may list workspaces.',
  errorDecoder: decodeError,
  proofs: [proof],
  serverVersion: async (client) => (await serverOf(client)).version,
  resources: [appRepository],
  dataSources,
  actions: [syncAppRepository],
  functions: [s3UrlFunction],
  example: { endpoint: 'http://127.0.0.1:30880', username: 'admin', password: 'P@88w0rd' },
});
