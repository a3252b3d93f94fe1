import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type Diagnostic, error, warning } from '../../common/diagnostic';
import { isList, type ValueRecord } from '../../common/value';
import { attr } from '../../schema/define/attribute';
import type { ApiClient, Binding, Write } from '../../schema/define/binding';
import { afterwards } from '../../schema/define/errors';
import { type PlanCheck, defineResource } from '../../schema/define/resource';
import { notFoundIsNothing } from '../../schema/define/rest';
import { secret, text } from '../../schema/define/types';
import { createOnce } from './after-create';
import { call, getObject, getPages, path } from './calls';
import { userId } from './names';
import { usersKnown } from './users-known';

const base = '/auth/api/user';

/** What a create does not take: it is brought by an update. */
const later = ['locked', 'admin'] as const;

async function update(client: ApiClient, { key: [id = ''], body, prior }: Write): Promise<undefined> {
  const { userId: _id, group: _group, admin, pwd, ...fields } = body;
  // Only an account of the platform may send it, so it is sent only when it changes.
  const promotion = admin === (prior?.['admin'] ?? false) ? {} : { admin };
  // An empty one would be set, and let everybody in.
  const password = pwd === undefined || pwd === '' ? {} : { pwd };
  await call(client, { method: 'PUT', path: path(`${base}/update/info`, id), body: { ...fields, ...password, ...promotion } });
}

/** How users are read and written. The create of a user that is there changes nothing and says nothing. */
export const users: Binding = {
  uidFields: ['createdDate'],
  read: (client, [id = '']) => getObject(client, path(base, 'userinfo', id)),
  async create(client, write) {
    const { name, email, phone, pwd } = write.body;
    // The server would make one up too, but some versions of it give everybody the same.
    const body = { ...write.body, pwd: pwd ?? randomBytes(24).toString('base64url') };
    await createOnce({
      send: () => call(client, { method: 'POST', path: `${base}/create`, body, secrets: [String(body.pwd)] }),
      look: () => users.read(client, write.key),
      sent: { name, email, phone },
    });
    if (later.some((name) => write.body[name] === true)) await afterwards(() => update(client, write));
    return undefined;
  },
  update,
  async remove(client, [id = '']) {
    await notFoundIsNothing(call(client, { method: 'DELETE', path: path(base, 'delete', id) }));
  },
  list: {
    scope: () => base,
    fetch: async (client) =>
      (await getPages(client, (number, size) => ({ method: 'GET', path: `${base}/page/${number}/${size}` }), Infinity)) ?? [],
    keyOf: (entry) => [String(entry['userId'])],
  },
};

const password = text((value) => {
  if (value === '') return 'it is empty';
  return value.includes(':') ? 'it has a ":", at which the server would cut it' : undefined;
});

const assisted = ({ group, asst_users: users }: ValueRecord): Diagnostic[] =>
  group === true && ((users ?? null) === null || (isList(users ?? null) && (users as readonly unknown[]).length === 0))
    ? [error('Missing Attribute', '"asst_users" is empty; a user with group = true needs at least one who acts for it.', ['asst_users'])]
    : [];

const emptied: PlanCheck = ({ asst_users: now }, _context, prior) => {
  const before = prior?.['asst_users'] ?? null;
  const isEmptied = isList(before) && before.length > 0 && isList(now ?? null) && (now as readonly unknown[]).length === 0;
  const detail = '"asst_users": the server cannot empty the list once it has somebody. Leave one user in it, or replace the user.';
  return Promise.resolve(isEmptied ? [error('Invalid Attribute Value', detail, ['asst_users'])] : []);
};

const hasPassword = (values: ValueRecord): boolean => (values['password'] ?? values['password_wo_revision'] ?? null) !== null;

/** Only a user that stands for several is expected to have none. */
const passwordless: PlanCheck = (planned, _context, prior) => {
  const detail =
    'Neither "password_wo" nor "password" is set, so the user gets a random password that nobody knows, and can log in only with tokens. Set password_wo to give it one.';
  return Promise.resolve(
    prior || planned['group'] === true || hasPassword(planned) ? [] : [warning('User Without Password', detail, ['password_wo'])],
  );
};

const passwordGone: PlanCheck = (planned, _context, prior) => {
  const detail = '"password": the server cannot take a password away. Leave it, give another one, or replace the user.';
  const gone = (prior?.['password'] ?? null) !== null && !hasPassword(planned);
  return Promise.resolve(gone ? [error('Invalid Attribute Value', detail, ['password'])] : []);
};

export const user = defineResource({
  type: 'bkrepo_user',
  description: 'A user of the local realm. Permissions keep the id of a user that is deleted.',
  apiCase: 'camel',
  attributes: {
    userId: attr(userId, 'Id of the user, with which to log in.', { forceNew: true }),
    name: attr(z.string().min(1), 'What people see as the name.'),
    ...secret('password', 'Password to log in with. Without one, the user gets a random password that nobody knows.', {
      type: password,
      api: 'pwd',
    }),
    email: attr(z.string().default(''), 'Address for messages.'),
    phone: attr(z.string().default(''), 'Telephone number.'),
    locked: attr(z.boolean().default(false), 'Whether the user may not log in.'),
    admin: attr(
      z.boolean().default(false),
      'Whether the user is an administrator of the server. To make one, the provider needs `access_key` and `secret_key`.',
    ),
    group: attr(z.boolean().default(false), 'Whether it stands for several people, those in `asst_users`.', { forceNew: true }),
    asstUsers: attr(
      z.set(userId).default(new Set()),
      'Users who act for it and may make its tokens. The server makes those that it does not have, with a random password, and never empties the list.',
    ),
  },
  key: ['userId'],
  binding: users,
  checks: [assisted],
  planChecks: [emptied, passwordless, passwordGone, usersKnown('asst_users')],
  example: {
    minimal: { userId: 'builder', name: 'Builder' },
    full: {
      userId: 'builder',
      name: 'Builder',
      password: 'a-long-password',
      email: 'builder@example.com',
      phone: '1234',
      locked: false,
      admin: false,
      asstUsers: ['admin'],
    },
  },
});
