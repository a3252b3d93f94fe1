import { randomBytes } from 'node:crypto';
import {
  type ApiClient,
  attr,
  AttributeError,
  defineEphemeral,
  type EphemeralDefinition,
  listOf,
  nested,
  textOf,
  UnexpectedAnswer,
  z,
} from '../../schema/define';
import { call, encodedPath } from './calls';
import { nodePath, projectId, repositoryName, segment, userId } from './names';
import { ownUser, writeFiles } from './rights';
import { createToken, findToken, removeToken, type TokenKey } from './user-token';

const hour = 3600;
const tenYears = 10 * 365 * 24 * hour;

/** The server renews a token that ends when one of its name is asked for, and so takes it from whoever uses it. */
async function refuseTaken(client: ApiClient, key: TokenKey): Promise<void> {
  if (!(await findToken(client, key))) return;
  const detail = `the user "${key.user}" already has a token "${key.name}", which would be replaced now and removed at the end of the run; omit the name, or choose another one`;
  throw new AttributeError(detail, 'name');
}

const userToken = defineEphemeral({
  type: 'bkrepo_user_token',
  description:
    'A token that a user logs in with for the duration of a run: it is removed at the end, and stored in neither plan nor state. Terraform opens it during plan, so the user must already exist.',
  apiCase: 'camel',
  attributes: {
    user: attr(userId, 'Id of the user.', { api: false }),
    name: attr(
      segment.optional(),
      'Name of the token; the user must not have a token of that name. If omitted, a unique name is generated.',
      {
        api: 'name',
        computed: true,
      },
    ),
    expiresIn: attr(
      z.int().min(60).max(tenYears).default(hour),
      'Seconds after which the token expires by itself, in case the run does not complete.',
      {
        api: false,
      },
    ),
    token: attr(z.string(), 'The token.', { computed: true, sensitive: true }),
  },
  needs: { open: [ownUser], close: [] },
  async open({ client, config: { user, name, expiresIn } }) {
    const key = { user, name: name ?? `repoform-${randomBytes(8).toString('hex')}` };
    if (name !== undefined) await refuseTaken(client, key);
    const created = await createToken(client, key, new Date(Date.now() + expiresIn * 1000).toISOString());
    const token = textOf(created.id) ?? '';
    return { result: { name: key.name, token }, what: `token "${key.name}" of user "${user}"`, private: key };
  },
  close: ({ client, private: key }) => removeToken(client, key),
  example: { user: 'builder' },
});

const granted = nested({
  path: attr(z.string(), 'Path of the file or folder.', { computed: true }),
  token: attr(z.string(), 'The token, which is the query parameter `token` of the URL.', { computed: true, sensitive: true }),
  url: attr(
    z.string(),
    'URL to download or upload the file, including the token; empty for the types ALL and PREVIEW. It starts with the address that the server is configured with (`generic.domain`), which is `http://localhost` unless its operator set it.',
    {
      computed: true,
      sensitive: true,
    },
  ),
  expireDate: attr(z.string(), "Expiry time in the server's time zone; empty if it never expires.", { computed: true }),
});

/** A URL that the server made, which has the path in it as it is, and the token, which its answer may have nowhere else. */
function parted(url: string, fullPath: string): { readonly url: string; readonly token: string } {
  const [, token = ''] = /\?token=([^?&#/]+)$/.exec(url) ?? [];
  const end = url.length - `?token=${token}`.length;
  const start = end - fullPath.length;
  if (token === '' || url.slice(start, end) !== fullPath) return { url, token };
  return { url: url.slice(0, start) + encodedPath(fullPath) + url.slice(end), token };
}

const temporaryAccess = defineEphemeral({
  type: 'bkrepo_temporary_access',
  description:
    'Tokens and URLs to download or upload files without logging in. The server cannot revoke them, so limit how long and how often they work. Terraform opens it during plan, so the files must already exist.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: false }),
    repository: attr(repositoryName, 'Name of the repository.', { api: false }),
    paths: attr(z.array(nodePath).min(1), 'Paths of files or folders in the repository.', { api: false }),
    type: attr(z.enum(['UPLOAD', 'DOWNLOAD', 'ALL', 'PREVIEW']).default('DOWNLOAD'), 'Kind of access.', { api: false }),
    expiresIn: attr(z.int().min(1).max(tenYears).default(hour), 'Seconds until they expire.', { api: false }),
    permits: attr(z.int().min(1).optional(), 'How often each may be used. If omitted, any number of times.', { api: false }),
    users: attr(z.set(userId).default(new Set()), 'Users who may use them; if empty, everyone may.', { api: false }),
    addresses: attr(z.set(z.string().min(1)).default(new Set()), 'IP addresses from which they may be used; if empty, from any.', {
      api: false,
    }),
    granted: attr(z.array(granted), 'The granted access, in the order of `paths`.', { computed: true }),
  },
  needs: { open: [{ permission: writeFiles, when: 'for the types UPLOAD and DOWNLOAD; the others need only a login' }] },
  async open({ client, config: { project, repository, paths, type, expiresIn, permits, users, addresses } }) {
    // What the URL begins with follows from the type, and the server makes none for the others.
    const at = `/generic/temporary/${type === 'UPLOAD' || type === 'DOWNLOAD' ? 'url' : 'token'}/create`;
    const answer = await call(client, {
      method: 'POST',
      path: at,
      body: {
        projectId: project,
        repoName: repository,
        fullPathSet: paths.map((path) => `/${path}`),
        authorizedUserSet: users,
        authorizedIpSet: addresses,
        expireSeconds: expiresIn,
        permits: permits ?? null,
        type,
      },
    });
    const made = listOf(answer);
    const found = paths.map((path) => {
      const one = made.find((entry) => entry.fullPath === `/${path}`);
      if (!one) throw new UnexpectedAnswer(`the answer to POST ${at} grants nothing for "${path}"`);
      const { url, token: carried } = parted(textOf(one.url) ?? '', `/${path}`);
      const token = textOf(one.token) || carried;
      if (token === '') throw new UnexpectedAnswer(`the answer to POST ${at} contains no token for "${path}"`);
      return { path, token, url, expireDate: textOf(one.expireDate) ?? '' };
    });
    return { result: { granted: found }, what: `temporary access to ${paths.length} paths of ${project}/${repository}` };
  },
  example: { project: 'payments', repository: 'local-packages', paths: ['docs/hello.txt'], permits: 1 },
});

/** What a BK-Repo server gives for one run. */
export const ephemerals: readonly EphemeralDefinition[] = [userToken, temporaryAccess];
