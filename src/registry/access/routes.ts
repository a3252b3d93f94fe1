import { type FastifyInstance, type FastifyReply } from 'fastify';
import * as z from 'zod';
import { readBody } from '../body';
import { type Context } from '../context';
import { HttpError } from '../errors';
import { noteCreated } from './need';
import { principalOf } from './principal';
import { formatScope, parseScope, type Scope } from './scopes';
import { type Token, tokenNameProblem } from './tokens';

const ADMIN = { config: { access: { on: 'every', action: 'admin' } } } as const;
const LOGIN = { config: { access: { on: 'login' } } } as const;
const TOKENS = '/api/registry/tokens';
const ENTRIES = 100;
const MOST_ENTRIES = 1000;

const scope = z.string().transform((text, check): Scope => {
  const read = parseScope(text);
  if (typeof read !== 'string') return read;
  check.addIssue({ code: 'custom', message: read });
  return z.NEVER;
});

/** The body that makes a token. */
export const tokenBody = z.strictObject({
  name: z.string().superRefine((name, check) => {
    const message = tokenNameProblem(name);
    if (message !== undefined) check.addIssue({ code: 'custom', message });
  }),
  scopes: z.array(scope).min(1),
  expires_at: z.iso.datetime().optional(),
});

/** `/api/registry/`: the tokens of the registry itself, the record of changes, and who a client is. */
export function accessRoutes(app: FastifyInstance, { access }: Context): void {
  app.get('/api/registry/login', LOGIN, (request, reply) => {
    const { id, scopes } = principalOf(request);
    return reply.send({ login: id, scopes: scopes.map(formatScope) });
  });

  app.get(TOKENS, ADMIN, async (_request, reply) => reply.send((await access.tokens.list()).map(tokenJson)));

  app.post(TOKENS, ADMIN, async (request, reply) => {
    refuseWithoutLogins();
    const { name, scopes, expires_at: expiresAt } = await readBody(request, tokenBody);
    noteCreated(request, tokenPath(name));
    const made = await access.tokens.create({ name, scopes, by: principalOf(request).id, ...(expiresAt !== undefined && { expiresAt }) });
    if (!made) throw new HttpError(409, `there is a token ${JSON.stringify(name)} already; revoke it or take another name`);
    return unstored(reply)
      .code(201)
      .send({ ...tokenJson(made.token), token: made.secret });
  });

  app.delete<{ Params: { token: string } }>(`${TOKENS}/:token`, ADMIN, async (request, reply) => {
    refuseWithoutLogins();
    const { token } = request.params;
    if (!(await access.tokens.revoke(token))) throw new HttpError(404, `there is no token ${JSON.stringify(token)}`);
    return reply.code(204).send();
  });

  app.get('/api/registry/audit', ADMIN, async (request, reply) => {
    const { limit = String(ENTRIES), before = '' } = request.query as { limit?: string; before?: string };
    if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > MOST_ENTRIES || !/^[0-9a-f]{0,64}$/.test(before))
      throw new HttpError(400, `invalid query: limit must be a whole number from 1 to ${MOST_ENTRIES}, before the "next" of another page`);
    return reply.send(await access.audit.page(Number(limit), before));
  });

  /** Where everybody may do everything, a page or program of anybody could keep a way in for later. */
  function refuseWithoutLogins(): void {
    if (access.isRequired) return;
    throw new HttpError(
      409,
      'this registry requires no logins, so it takes no changes of tokens; stop it and run "repoform registry token" with its data folder, or start it with --auth',
    );
  }
}

/** Where a token is, and what the audit log calls its creation and its revocation. */
export function tokenPath(name: string): string {
  return `${TOKENS}/${encodeURIComponent(name)}`;
}

function unstored(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}

/** What may be seen of a token. */
export interface TokenJson {
  readonly name: string;
  readonly scopes: readonly string[];
  /** ISO 8601, as the other times. */
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string | null;
  readonly used_at: string | null;
}

/** A token without its secret. */
export function tokenJson({ name, scopes, createdAt, createdBy, expiresAt, usedAt }: Token): TokenJson {
  return {
    ...{ name, scopes: scopes.map(formatScope), created_at: createdAt, created_by: createdBy },
    ...{ expires_at: expiresAt ?? null, used_at: usedAt ?? null },
  };
}
