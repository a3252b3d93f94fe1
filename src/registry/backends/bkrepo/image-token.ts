import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a token holds, in seconds. */
export const TOKEN_LIFETIME = 300;

// A token that another process has given, or this one before it was started anew, is refused; clients ask for a new one then.
const key = randomBytes(32);

/** A token that stands in for a user who has proved to be one, for a while; `anonymous` stands for everybody. */
export function tokenFor(userId: string): string {
  const claim = Buffer.from(JSON.stringify([userId, performance.now() + TOKEN_LIFETIME * 1000])).toString('base64url');
  return `${claim}.${signature(claim).toString('base64url')}`;
}

/** Whom a token stands in for; undefined for one that was not given here, or too long ago. */
export function userOfToken(token: string): string | undefined {
  const [, claim = '', signed = ''] = /^([\w-]{1,1000})\.([\w-]{43})$/.exec(token) ?? [];
  const given = Buffer.from(signed, 'base64url');
  const own = signature(claim);
  if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined;
  const [userId, until] = JSON.parse(Buffer.from(claim, 'base64url').toString('utf8')) as [string, number];
  return until > performance.now() ? userId : undefined;
}

function signature(claim: string): Buffer {
  return createHmac('sha256', key).update(claim).digest();
}
