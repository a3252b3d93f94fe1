import { type FastifyRequest } from 'fastify';
import { type Action, existingRepository, isAllowed } from '../authorize';
import { queryOf } from '../body';
import { type BkContext } from '../context';
import { type Principal, principalOf } from '../principal';
import { problem } from '../problem';
import { clientAddress } from './interceptors';
import { type NodeKey } from './node';
import { isWithin } from './paths';
import { placeOf, type Target } from './target';
import { type Token, Tokens, type TokenType } from './tokens';

/** What a token is used for, and where the URL has its path. */
export interface Use {
  readonly type: TokenType;
  readonly slashes: number;
}

/** Whether a request brings a temporary token. */
export function hasToken(request: FastifyRequest): boolean {
  return secretOf(request) !== undefined;
}

/** Acts with the rights of the token's creator; a failure does not count as a use. */
export function tokenUser(context: BkContext, request: FastifyRequest) {
  const tokens = new Tokens(context.store.metadata);
  return async <T>(use: Use, step: (at: Target) => Promise<T>): Promise<T> => {
    const secret = secretOf(request) ?? '';
    const place = placeOf(request, use.slashes);
    const token = await tokens.find(secret);
    if (!token) throw invalid(secret);
    const at = await admit(context, request, { token, place, use });
    // A spent token is as good as gone, also while the answer to its last use is still on its way.
    if (!(await tokens.take(secret))) throw invalid(secret);
    try {
      const result = await step(at);
      await tokens.dropSpent(secret);
      return result;
    } catch (cause) {
      await tokens.giveBack(secret);
      throw cause;
    }
  };
}

async function admit(context: BkContext, request: FastifyRequest, wish: { token: Token; place: NodeKey; use: Use }): Promise<Target> {
  const { token, place, use } = wish;
  if (token.expires_at !== 0 && token.expires_at < context.store.metadata.now()) throw expired();
  if (token.type !== 'ALL' && token.type !== use.type) throw invalid(use.type);
  if (token.project !== place.project || token.repo !== place.repo || !isWithin(place.path, token.full_path)) throw invalid(place.path);
  const principal = await makerOf(context, token);
  const repository = await existingRepository(context, place.project, place.repo);
  const action: Action = token.type === 'DOWNLOAD' || token.type === 'PREVIEW' ? 'READ' : 'WRITE';
  const allowed = await isAllowed(context, principal, { action, project: place.project, repository, path: place.path });
  if (!allowed) throw problem('ACCESS_DENIED', 'Access denied');
  const sender = principalOf(request);
  if (token.users.length > 0 && !token.users.includes(sender.userId)) throw invalid(sender.userId);
  const address = clientAddress(request);
  if (token.ips.length > 0 && !token.ips.includes(address)) throw invalid(address);
  return { place, repository, principal: sender.anonymous ? principal : sender };
}

/** The creator of a token, with current rights. */
export async function makerOf(context: BkContext, { created_by: userId }: Token): Promise<Principal> {
  const user = await context.bk.users.get(userId);
  return { userId, admin: user?.admin ?? false, platform: false, anonymous: user === undefined };
}

function secretOf(request: FastifyRequest): string | undefined {
  const [, header] = /^Temporary\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return queryOf(request, 'token') ?? header;
}

function invalid(what: string) {
  return problem('TEMPORARY_TOKEN_INVALID', `Temporary token invalid: [${what}]`);
}

function expired() {
  return problem('TEMPORARY_TOKEN_EXPIRED', 'Temporary token has expired');
}
