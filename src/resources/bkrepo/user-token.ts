import {
  afterwards,
  type ApiClient,
  ApiError,
  attr,
  defineResource,
  isJsonObject,
  type Json,
  type JsonObject,
  notFoundIsNothing,
  text,
  textOf,
  UnexpectedAnswer,
  z,
} from '../../schema/define';
import { call, getList, path, query } from './calls';
import { ofUser, segment, userId } from './names';
import { everything, ownUser } from './rights';

const base = '/auth/api/user';
/** The server adds this to the time it is given, for the zone it was written in. */
const shift = 8 * 60 * 60 * 1000;

const instant = text((value) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : `"${value}" is not a time in UTC; write it as 2030-01-31T12:00:00Z`,
);

/** What names a token. */
export interface TokenKey {
  readonly user: string;
  readonly name: string;
}

/** When a token ends, in UTC; nothing for one that does not. */
export function expiryOf(entry: JsonObject): Json {
  const given = textOf(entry.expiredAt) ?? '';
  if (given === '') return null;
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(given) ? given : `${given}Z`);
  return Number.isNaN(time) ? null : new Date(time - shift).toISOString().replace(/\.000Z$/, 'Z');
}

/** Creates a token; the secret is only in this answer. */
export async function createToken(client: ApiClient, { user, name }: TokenKey, expiresAt: string | undefined): Promise<JsonObject> {
  const expiredAt = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
  const created = await call(client, { method: 'POST', path: path(base, 'token', user, name) + query({ expiredAt }) });
  if (isJsonObject(created) && textOf(created.id)) return created;
  throw new UnexpectedAnswer(`the answer to the create of the token "${name}" contains no token`);
}

/** Removes a token; the server reports success for a missing token, and "not found" for a missing user. */
export async function removeToken(client: ApiClient, { user, name }: TokenKey): Promise<void> {
  await notFoundIsNothing(call(client, { method: 'DELETE', path: path(base, 'token', user, name) }));
}

const decode = (user: string, entry: JsonObject): JsonObject => ({ user, name: entry.name ?? null, expiresAt: expiryOf(entry) });
const listed = async (client: ApiClient, user: string): Promise<readonly JsonObject[]> =>
  (await getList(client, path(`${base}/list/token`, user))).map((entry) => decode(user, entry));

/** A token, without its secret; nothing when there is none of that name. */
export const findToken = async (client: ApiClient, { user, name }: TokenKey): Promise<JsonObject | undefined> =>
  (await listed(client, user)).find((entry) => entry.name === name);

/** If the response is lost, so is the secret: the token that may have been created is removed and created again. */
async function withoutLoss<T>(client: ApiClient, key: TokenKey, create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || !thrown.outcomeUnknown || thrown.code === 'cancelled') throw thrown;
    await afterwards(() => removeToken(client, key));
    return afterwards(create);
  }
}

export const userToken = defineResource({
  type: 'bkrepo_user_token',
  description:
    'A token that a user logs in with instead of a password. The server returns it only once; it is stored in the state only with `store_secret_in_state`. To use a token without storing it, use the ephemeral resource of the same name.',
  apiCase: 'camel',
  attributes: {
    user: attr(userId, 'Id of the user.', { forceNew: true, ...ofUser }),
    name: attr(segment, 'Name of the token, unique for the user.', { forceNew: true }),
    expiresAt: attr(instant.optional(), 'Expiry time in UTC, e.g. `2030-01-31T12:00:00Z`. If omitted, the token never expires.', {
      forceNew: true,
      semanticEquals: (a, b) => Date.parse(a) === Date.parse(b),
    }),
    storeSecretInState: attr(
      z.boolean().default(false),
      'Whether `token` is stored in the state, where everyone with access to the state can read it. Setting it to false removes the token from the state; setting it to true later requires a new token (`-replace`).',
      { api: false },
    ),
    token: attr(z.string(), 'The token, if it is stored in the state. It cannot be imported.', {
      api: 'token',
      sensitive: true,
      createOnly: true,
    }),
  },
  key: ['user', 'name'],
  // What can change without a new token is in the state only.
  needs: { ...everything(ownUser), update: [] },
  derived: { token: ({ storeSecretInState, token }) => (storeSecretInState ? token : undefined) },
  read: ({ client, key }) => findToken(client, key),
  // One of that name with an expiry would be renewed by a create, so it is looked for before.
  async create({ client, key, values: { expiresAt, storeSecretInState } }) {
    const created = await withoutLoss(client, key, () => createToken(client, key, expiresAt));
    return { ...decode(key.user, created), token: storeSecretInState ? (created.id ?? null) : null };
  },
  update: ({ client, key }) => findToken(client, key),
  remove: ({ client, key }) => removeToken(client, key),
  list: {
    scope: ({ key: { user } }) => `tokens of ${user}`,
    fetch: ({ client, key: { user } }) => listed(client, user),
  },
  example: {
    minimal: { user: { ref: 'bkrepo_user.example.user_id' }, name: 'ci' },
    full: {
      user: { ref: 'bkrepo_user.example.user_id' },
      name: 'ci',
      expiresAt: '2030-01-31T12:00:00Z',
      storeSecretInState: true,
    },
  },
});
