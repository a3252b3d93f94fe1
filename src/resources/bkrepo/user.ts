import { randomBytes } from 'node:crypto';
import {
  afterwards,
  type ApiClient,
  attr,
  defineResource,
  error,
  type JsonObject,
  notFoundIsNothing,
  type Permission,
  secret,
  text,
  textOf,
  type Values,
  warning,
  z,
} from '../../schema/define';
import { createOnce } from './after-create';
import { call, callerOf, getObject, pagesOf, path } from './calls';
import { ofUser, userId } from './names';
import { ownUser, platformAccount, serverAdministrator } from './rights';
import { usersKnown } from './users-known';

const base = '/auth/api/user';

const read = (client: ApiClient, id: string): Promise<JsonObject | undefined> => getObject(client, path(base, 'userinfo', id));

const password = text((value) => {
  if (value === '') return 'it is empty';
  return value.includes(':') ? 'it contains ":", where the server would truncate it' : undefined;
});

/** What a user can have. */
const attributes = {
  userId: attr(userId, 'Id of the user, used to log in.', { forceNew: true }),
  name: attr(z.string().min(1), 'Display name.'),
  ...secret('password', 'Password to log in with. Without one, the user gets a random password that nobody knows.', {
    type: password,
    api: 'pwd',
  }),
  email: attr(z.string().default(''), 'Email address.'),
  phone: attr(z.string().default(''), 'Telephone number.'),
  locked: attr(z.boolean().default(false), 'Whether the user is locked and cannot log in.', { impact: 'denies' }),
  admin: attr(
    z.boolean().default(false),
    'Whether the user is an administrator of the server. To change it, the provider needs `access_key` and `secret_key`.',
    { impact: 'grants' },
  ),
  group: attr(z.boolean().default(false), 'Whether the user represents several people, listed in `asst_users`.', { forceNew: true }),
  asstUsers: attr(
    z.set(userId).default(new Set()),
    'Users who act for it and may create its tokens. The server creates users that do not exist, with a random password, and never empties the list.',
    { impact: 'grants', ...ofUser },
  ),
};

type User = Values<typeof attributes>;

interface Update {
  readonly client: ApiClient;
  readonly key: { readonly userId: string };
  readonly body: JsonObject;
  readonly values: User;
  readonly prior?: User;
}

async function update({ client, key, body, values, prior }: Update): Promise<void> {
  const { userId: _id, group: _group, admin: _admin, pwd: _pwd, ...fields } = body;
  // Only an account of the platform may send it, so it is sent only when it changes.
  const promotion = values.admin === (prior?.admin ?? false) ? {} : { admin: values.admin };
  // An empty password would be set, and let anyone log in.
  const password = body.pwd ? { pwd: body.pwd } : {};
  await call(client, { method: 'PUT', path: path(`${base}/update/info`, key.userId), body: { ...fields, ...password, ...promotion } });
}

const passwordless =
  'Neither "password_wo" nor "password" is set, so the user gets a random password that nobody knows and can log in only with tokens. Set password_wo to choose one.';

/** A user can be made an administrator only in this way; anybody may resign. */
const promoting = (permission: Permission) => ({ permission, when: 'to set `admin` to true' });
const itself = { permission: ownUser, at: { user: 'userId' } } as const;

export const user = defineResource({
  type: 'bkrepo_user',
  description: 'A user of the local realm. Permissions keep the id of a deleted user.',
  apiCase: 'camel',
  attributes,
  key: ['userId'],
  uidFields: ['createdDate'],
  needs: {
    list: [serverAdministrator],
    read: [itself],
    create: [serverAdministrator, promoting(platformAccount)],
    update: [itself, promoting(serverAdministrator), promoting(platformAccount)],
    delete: [itself],
  },
  read: ({ client, key }) => read(client, key.userId),
  // The create of a user that exists changes nothing and says nothing.
  async create(write) {
    const { client, key, body, values } = write;
    // The server would generate one too, but some versions give every user the same.
    const pwd = textOf(body.pwd) ?? randomBytes(24).toString('base64url');
    await createOnce({
      send: () => call(client, { method: 'POST', path: `${base}/create`, body: { ...body, pwd }, secrets: [pwd] }),
      look: () => read(client, key.userId),
      sent: { name: values.name, email: values.email, phone: values.phone },
    });
    // What a create does not take is brought by an update.
    if (values.locked || values.admin) await afterwards(() => update(write));
  },
  update,
  remove: ({ client, key }) => notFoundIsNothing(call(client, { method: 'DELETE', path: path(base, 'delete', key.userId) })),
  list: {
    scope: () => base,
    fetch: ({ client }) => pagesOf(client, (number, size) => ({ method: 'GET', path: `${base}/page/${number}/${size}` }), Infinity),
    except: {
      why: 'the user that logs in is left out, because a destroy would delete it',
      matches: ({ userId: id }, { client }) => id === callerOf(client),
    },
  },
  checks: [
    ({ group, asstUsers }) =>
      group === true && isEmpty(asstUsers)
        ? [
            error('Missing Attribute', '"asst_users" is empty; a user with group = true requires at least one user who acts for it.', [
              'asstUsers',
            ]),
          ]
        : [],
  ],
  planChecks: [
    ({ planned: { asstUsers }, prior }) => {
      const detail = '"asst_users": the server cannot empty the list once it has members. Keep at least one, or replace the user.';
      return prior && prior.asstUsers.length > 0 && isEmpty(asstUsers) ? [error('Invalid Attribute Value', detail, ['asstUsers'])] : [];
    },
    // Only a user that stands for several is expected to have none.
    ({ planned, prior }) =>
      prior || planned.group === true || hasPassword(planned) ? [] : [warning('User Without Password', passwordless, ['passwordWo'])],
    ({ planned, prior }) => {
      const detail = '"password": the server cannot remove a password. Keep it, set another one, or replace the user.';
      return prior?.password !== undefined && !hasPassword(planned) ? [error('Invalid Attribute Value', detail, ['password'])] : [];
    },
    (call) => usersKnown('asstUsers', call.planned.asstUsers, call),
  ],
  example: {
    minimal: { userId: 'builder', name: 'Builder' },
    full: {
      userId: 'builder',
      name: 'Builder',
      passwordWo: 'a-long-password',
      email: 'builder@example.com',
      phone: '1234',
      locked: false,
      admin: false,
      asstUsers: ['admin'],
    },
  },
});

const isEmpty = (list: unknown): boolean => list === undefined || (Array.isArray(list) && list.length === 0);

const hasPassword = ({
  password: plain,
  passwordWoRevision,
}: {
  readonly password?: unknown;
  readonly passwordWoRevision?: unknown;
}): boolean => (plain ?? passwordWoRevision) !== undefined;
