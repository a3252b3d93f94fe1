import * as z from 'zod';
import { type Stored } from '../../store/documents';
import { checkPattern, invalid } from './parameter-checks';
import { type User, type UserToken } from './model';
import { addUser, ANONYMOUS } from './principal';
import { problem } from './problem';
import { hashPassword } from '../../secrets';
import { type BkTables } from './tables';

const USER_ID = /^[a-zA-Z0-9_][a-zA-Z0-9\-_@.]{1,99}$/;

/** The body that creates a user; such a user is never an admin, whatever the body says. */
export const createUserBody = z.object({
  userId: z.string(),
  name: z.string(),
  pwd: z.string().nullish(),
  admin: z.boolean().default(false),
  asstUsers: z.array(z.string()).default([]),
  group: z.boolean().default(false),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  tenantId: z.string().nullish(),
});

/** The body that changes a user; null leaves a field as it is. */
export const updateUserBody = z.object({
  name: z.string().nullish(),
  pwd: z.string().nullish(),
  asstUsers: z.array(z.string()).default([]),
  locked: z.boolean().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  admin: z.boolean().nullish(),
  tenantId: z.string().nullish(),
});

/** Makes a user unless there is one with the id; one that is there stays as it is. */
export async function createUser(tables: BkTables, body: z.infer<typeof createUserBody>): Promise<void> {
  checkPattern('userId', body.userId, USER_ID);
  if (body.userId === ANONYMOUS) throw invalid('userId');
  if (body.group && body.asstUsers.length === 0) throw problem('AUTH_ASST_USERS_MISSING', 'association user can not be empty');
  if (await tables.users.get(body.userId)) return;
  for (const userId of body.asstUsers) {
    const assistant = await addUser(tables, { userId, name: userId });
    if (assistant.group) throw problem('AUTH_ENTITY_USER_NOT_FOUND', 'entity user not exist');
  }
  const { pwd, email = null, phone = null, tenantId = null, ...fields } = body;
  await addUser(tables, { ...fields, email, phone, tenantId, admin: false, ...(await hashed(pwd)) });
}

/** The field that keeps a password, where there is one; an empty one is one. */
export async function hashed(pwd: string | null | undefined): Promise<{ pwd?: string }> {
  return pwd == null ? {} : { pwd: await hashPassword(pwd) };
}

/** A user that is there. */
export async function existingUser(tables: BkTables, userId: string): Promise<Stored<User>> {
  const user = await tables.users.get(userId);
  if (!user) throw problem('AUTH_USER_NOT_FOUND', 'user for auth not exist');
  return user;
}

/** The detail of a user: its tokens without their secrets, and little else. */
export function userDetail({ userId, name, admin, locked, roles }: User, tokens: readonly UserToken[]) {
  const told = tokens.map(({ name: token, createdAt, expiredAt }) => ({ name: token, id: '', createdAt, expiredAt, authorization: null }));
  const untold = { asstUsers: [], group: false, email: null, createdDate: null, lastModifiedDate: null };
  return { userId, name, pwd: '', admin, locked, tokens: told, roles, ...untold };
}

/** The information about a user. */
export function userInfo({ userId, name, email, phone, createdDate, locked, admin, group, asstUsers, tenantId }: User) {
  return { userId, name, email, phone, createdDate, locked, admin, group, asstUsers, tenantId };
}
