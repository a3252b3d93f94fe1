import { attr, type Attributes, basic, bearerOrBasic, connection, defineProvider, restapiObject, z } from '../../schema/define';
import { accessMode } from './access-mode';
import { cleanNodes } from './actions';
import { dataSources } from './data-sources';
import { decodeError } from './decode-error';
import { ephemerals } from './ephemerals';
import { genericFile } from './generic-file';
import { nodeMetadata } from './node-metadata';
import { permission } from './permission';
import { listedProjects, project } from './project';
import { compositeRepository } from './repository/composite';
import { localRepository } from './repository/local';
import { proxyRepository } from './repository/proxy';
import { remoteRepository } from './repository/remote';
import { virtualRepository } from './repository/virtual';
import { role } from './role';
import { user } from './user';
import { userToken } from './user-token';

const line = z.string().regex(/^[\x21-\x7e]+$/, { error: 'is empty or contains characters that an HTTP header does not allow' });
// The server cuts what it gets at each colon.
const part = z.string().regex(/^[^:]+$/, { error: 'is empty or contains ":", where the server would truncate it' });

const credentialsBlock = {
  username: attr(part.optional(), 'User name for basic authentication.', { requires: ['password'] }),
  password: attr(part.optional(), 'Password or token of the user.', { sensitive: true, requires: ['username'] }),
  accessKey: attr(line.optional(), 'Access key of a platform account, instead of a user.', {
    sensitive: true,
    requires: ['secretKey', 'uid'],
    conflicts: ['username', 'password'],
  }),
  secretKey: attr(line.optional(), 'Secret key of the platform account.', { sensitive: true, requires: ['accessKey'] }),
  uid: attr(line.optional(), 'User on whose behalf the platform account acts. The server creates a user that does not exist.', {
    requires: ['accessKey'],
  }),
  tenantId: attr(line.optional(), 'Tenant, for servers with several tenants, where projects are called `<tenant>.<name>`.'),
} satisfies Attributes;

/** The provider for BK-Repo. */
export const bkrepo = defineProvider({
  name: 'bkrepo',
  title: 'BK-Repo',
  description: 'Projects and repositories of a BK-Repo server, their files, users and permissions.',
  attributes: connection('BK-Repo', credentialsBlock),
  connect({ config, client }) {
    const { accessKey, secretKey, uid, tenantId } = config;
    const account =
      accessKey === undefined || secretKey === undefined
        ? bearerOrBasic(config)
        : { authorization: basic(accessKey, secretKey, 'Platform') };
    return client.with({
      headers: {
        // The server's words come in the language that is asked for, and as XML to who accepts it.
        'accept-language': 'en',
        ...account,
        ...(uid !== undefined && { 'x-bkrepo-uid': uid }),
        ...(tenantId !== undefined && { 'x-bk-tenant-id': tenantId }),
      },
    });
  },
  anonymousWarning:
    'The provider has no credentials, so the server treats it as an anonymous user, who can only read public content. Set username and password (BKREPO_USERNAME, BKREPO_PASSWORD), or access_key, secret_key and uid.',
  errorDecoder: decodeError,
  access:
    'Every request is checked against the roles and permissions of the user that the provider logs in as. This holds for the local realm (`auth.realm=local`, the default); with `devops` and `bkiamv3`, BK-CI or IAM decide instead. Users with `locked` are refused everywhere.',
  // Its codes tell what is gone; the list of projects tells whether there is anything at all.
  proofs: [(client) => listedProjects(client, {})],
  resources: [
    project,
    localRepository,
    remoteRepository,
    virtualRepository,
    compositeRepository,
    proxyRepository,
    user,
    userToken,
    role,
    permission,
    accessMode,
    genericFile,
    nodeMetadata,
  ],
  dataSources,
  ephemerals,
  actions: [cleanNodes],
  movesFrom: [restapiObject],
  example: { endpoint: 'http://127.0.0.1:8080', username: 'admin', password: 'password' },
});
