import { type FastifyRequest } from 'fastify';
import { type Sender } from '../../../access/guard';
import { StatusError } from '../answers';
import { type KsContext } from '../context';
import { ANONYMOUS, type Principal } from './accounts';

const known = new WeakMap<FastifyRequest, Principal>();

/** The sender of a request, as the filter before all routes has found. */
export function principalOf(request: FastifyRequest): Principal {
  return known.get(request) ?? ANONYMOUS;
}

/** The sender of a request for the audit log. */
export function senderOf(request: FastifyRequest): Sender {
  const principal = principalOf(request);
  return { id: principal.name, isAnonymous: principal === ANONYMOUS, isIdentified: known.has(request) };
}

/** Finds out who sends a request: by a token, by a name and password, or nobody; refuses credentials that are wrong. */
export async function authenticate(context: KsContext, request: FastifyRequest): Promise<void> {
  const [, scheme = '', value = ''] = /^(\S+)\s+(.*)$/.exec(request.headers.authorization ?? '') ?? [];
  const by = new Map(Object.entries({ bearer: byToken, basic: byPassword })).get(scheme.toLowerCase());
  known.set(request, by ? await by(context, value) : ANONYMOUS);
}

async function byToken({ accounts, tokens, generation }: KsContext, token: string): Promise<Principal> {
  const read = await tokens.read(token);
  if ('problem' in read) throw new StatusError(401, generation.refusal + read.problem);
  // A token that renews is taken for one that grants access, too.
  return (await accounts.find(read.user)) ?? refuse(`${generation.refusal}token not found in cache`);
}

async function byPassword({ accounts, generation }: KsContext, value: string): Promise<Principal> {
  const [, name = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
  const user = await accounts.verify(name, password);
  if (!user) return refuse(`${generation.refusal}incorrect password`);
  return user.isDisabled ? refuse(`${generation.refusal}account is not active`) : user;
}

function refuse(reason: string): never {
  throw new StatusError(401, reason);
}
