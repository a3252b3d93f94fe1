import { type FastifyRequest } from 'fastify';
import { type Sender } from '../../access/guard';
import { type User } from './model';
import { problem } from './problem';
import { isPassword, isSecret, NO_PASSWORD } from '../../secrets';
import { type ImageTokens } from './image-token';
import { type BkTables, timestamp } from './tables';

/** The sender of a request. */
export interface Principal {
  readonly userId: string;
  readonly admin: boolean;
  /** Whether a platform application speaks for the user. */
  readonly platform: boolean;
  readonly anonymous: boolean;
}

/** The anonymous user. */
export const ANONYMOUS = 'anonymous';
const nobody: Principal = { userId: ANONYMOUS, admin: false, platform: false, anonymous: true };
const known = new WeakMap<FastifyRequest, Principal>();

/** Endpoints of the auth service that need no credentials. */
const OPEN = new Set(['/auth/api/user/rsa']);
/** What the auth service calls credentials that it refuses. */
const REFUSED: Readonly<Record<string, string>> = { platform: 'illegal platform token', bearer: 'illegal bearer token' };

/** The sender of a request, as determined by the server's hook before any route runs. */
export function principalOf(request: FastifyRequest): Principal {
  return known.get(request) ?? nobody;
}

/** The sender of a request for the audit log; an application has logged in, too, whomever it speaks for. */
export function senderOf(request: FastifyRequest): Sender {
  const { userId, anonymous, platform } = principalOf(request);
  return { id: userId, isAnonymous: anonymous && !platform, isIdentified: known.has(request) };
}

/** The sender of a request, if not anonymous. */
export function userOf(request: FastifyRequest): Principal {
  const principal = principalOf(request);
  if (principal.anonymous) throw unauthenticated();
  return principal;
}

/** The refusal of callers without valid credentials. */
export function unauthenticated(reason = 'Unauthorized') {
  return problem('UNAUTHENTICATED', `Failed to authenticate: ${reason}`);
}

/** What senders are known by. */
interface Authenticating {
  readonly bk: BkTables;
  readonly imageTokens: ImageTokens;
}

/** Determines the sender of a request; refuses wrong credentials and, for the auth service, missing ones. */
export async function authenticate(context: Authenticating, request: FastifyRequest): Promise<void> {
  const path = (request.raw.url ?? '').split('?')[0] ?? '';
  const principal = path.startsWith('/auth/') ? await forAuth(context.bk, request, path) : await forServices(context, request);
  known.set(request, principal);
}

async function forServices({ bk: tables, imageTokens }: Authenticating, request: FastifyRequest): Promise<Principal> {
  const { scheme, value } = headerOf(request);
  const tokenUser = scheme === 'bearer' ? await imageTokens.user(value) : undefined;
  if (tokenUser === ANONYMOUS) return nobody;
  const user = tokenUser === undefined ? undefined : await tables.users.get(tokenUser);
  if (user && !user.locked) return principal(user, false);
  if (scheme === 'bearer' || scheme === 'oauth') throw unauthenticated('Access token check failed.');
  if (scheme !== 'basic' && scheme !== 'platform') return nobody;
  const [name, secret] = decode(value);
  const refused = unauthenticated('Authorization value check failed');
  if (name === undefined || secret === undefined) throw refused;
  if (scheme === 'basic') return (await byPassword(tables, name, secret)) ?? refuse(refused);
  if (!(await isAccount(tables, name, secret))) throw unauthenticated('AccessKey/SecretKey check failed.');
  return (await forPlatform(tables, request)) ?? { ...nobody, platform: true };
}

async function forAuth(tables: BkTables, request: FastifyRequest, path: string): Promise<Principal> {
  if (OPEN.has(path)) return nobody;
  const { scheme, value } = headerOf(request);
  const parts = decode(value);
  const [name = '', secret = ''] = parts;
  // Whatever was sent, the answer calls it empty.
  const refused = problem('AUTH_REFUSED', `Authorization value [${REFUSED[scheme] ?? 'empty auth header'}] is not a valid scheme.`);
  if (parts.length !== 2) throw refused;
  if (scheme === 'basic') return (await byPassword(tables, name, secret)) ?? refuse(refused);
  if (scheme !== 'platform' || !(await isAccount(tables, name, secret))) throw refused;
  return (await forPlatform(tables, request)) ?? refuse(refused);
}

function refuse(reason: Error): never {
  throw reason;
}

function headerOf(request: FastifyRequest): { scheme: string; value: string } {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.*)$/.exec(request.headers.authorization ?? '') ?? [];
  return { scheme: scheme.toLowerCase(), value };
}

function decode(value: string): string[] {
  if (value === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return [];
  return Buffer.from(value, 'base64').toString('utf8').split(':');
}

async function byPassword(tables: BkTables, userId: string, secret: string): Promise<Principal | undefined> {
  const user = await tables.users.get(userId);
  if (!user || user.locked) return undefined;
  if (!(await isPassword(secret, user.pwd)) && !(await isToken(tables, userId, secret))) return undefined;
  return principal(user, false);
}

async function isToken(tables: BkTables, userId: string, secret: string): Promise<boolean> {
  const now = timestamp();
  const tokens = await tables.tokens.within(userId);
  return tokens.some((token) => (token.expiredAt === null || token.expiredAt > now) && isSecret(secret, token.secret));
}

async function isAccount(tables: BkTables, accessKey: string, secretKey: string): Promise<boolean> {
  const account = await tables.accounts.get(accessKey);
  return account !== undefined && isSecret(secretKey, account.secretKey);
}

/** The user that a platform acts for; created if missing. */
async function forPlatform(tables: BkTables, request: FastifyRequest): Promise<Principal | undefined> {
  const userId = request.headers['x-bkrepo-uid'];
  if (typeof userId !== 'string' || userId === '') return undefined;
  if (userId === ANONYMOUS) return { ...nobody, platform: true };
  return principal((await tables.users.get(userId)) ?? (await addUser(tables, { userId, name: userId })), true);
}

function principal({ userId, admin, locked }: User, platform: boolean): Principal {
  return { userId, admin: admin && !locked, platform, anonymous: false };
}

/** Adds a user unless the id is taken; the answer is the user that has the id. */
export async function addUser(tables: BkTables, fields: Partial<User> & { userId: string; name: string }): Promise<User> {
  const createdDate = timestamp();
  const user: User = {
    admin: false,
    locked: false,
    group: false,
    asstUsers: [],
    email: null,
    phone: null,
    tenantId: null,
    roles: [],
    createdDate,
    lastModifiedDate: createdDate,
    ...fields,
    // A user created without a password has none that anybody knows, so it counts as none.
    pwd: fields.pwd ?? NO_PASSWORD,
  };
  return (await tables.users.insert({ id: user.userId }, user)) ?? (await tables.users.get(user.userId)) ?? user;
}
