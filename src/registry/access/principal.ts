import { type FastifyRequest } from 'fastify';
import { HttpError } from '../errors';
import { type Action, allows, EVERYTHING, formatScope, type Scope } from './scopes';

/** The sender of a request. */
export interface Principal {
  /** Its name for itself. */
  readonly name: string;
  /** Names it in messages, such as `the token "ci"`. */
  readonly title: string;
  /** Names it in the audit log and owns its unfinished uploads, such as `token:ci`. */
  readonly id: string;
  /** The id of the token that it has, if it has one of the registry. */
  readonly tokenId?: string;
  /** When its login ends by itself, in milliseconds. @default - not known */
  readonly until?: number;
  readonly isAnonymous: boolean;
  readonly scopes: readonly Scope[];
}

/** Who sends requests where no login is required. */
export const ANYBODY: Principal = { name: 'anonymous', title: 'anybody', id: 'anonymous', isAnonymous: true, scopes: EVERYTHING };
const NOBODY: Principal = { name: 'anonymous', title: 'nobody', id: 'anonymous', isAnonymous: true, scopes: [] };

/** A pipeline, by its issuer and its subject there: `oidc:<issuer>#<subject>`. */
export function pipeline(id: string, scopes: readonly Scope[]): Principal {
  const name = id.slice(id.indexOf('#') + 1);
  return { name, title: `the pipeline ${JSON.stringify(name)}`, id, isAnonymous: false, scopes };
}

const known = new WeakMap<FastifyRequest, Principal>();

/** Notes who sends a request. */
export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  known.set(request, principal);
}

/** The sender of a request, as the guard has found before any route runs. */
export function principalOf(request: FastifyRequest): Principal {
  return known.get(request) ?? NOBODY;
}

/** Which repositories the sender of a request may read. */
export function readable(request: FastifyRequest): (repository: string) => boolean {
  const { scopes } = principalOf(request);
  return (repository) => allows(scopes, 'read', repository);
}

/** The refusal of who is known and may not do something: to a repository, to all (`*`), or to any (an empty text). */
export function forbidden({ title, scopes }: Principal, action: Action, repository: string): HttpError {
  const has = scopes.length === 0 ? 'it has no scopes' : `its scopes are ${scopes.map(formatScope).join(' ')}`;
  const lacks = repository === '' ? `has no scope with the action "${action}"` : `lacks the scope "${action}:${repository}"`;
  return new HttpError(403, `${title} ${lacks}; ${has}`);
}
