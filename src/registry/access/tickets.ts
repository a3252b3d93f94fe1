import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { type SigningKeys } from '../store/signing-keys';

/** How long a ticket holds, in seconds. */
export const TICKET_LIFETIME = 300;

/** Whom a ticket stands in for: a token, by its id, what an issuer has said, who was given a link to one path, or whoever does not log in. */
const claimSchema = z.discriminatedUnion('of', [
  z.object({ of: z.literal('token'), id: z.string() }),
  z.object({ of: z.literal('issuer'), id: z.string(), scopes: z.array(z.string()) }),
  z.object({
    of: z.literal('link'),
    id: z.string(),
    path: z.string(),
    token: z.string().optional(),
    scopes: z.array(z.string()).optional(),
  }),
  z.object({ of: z.literal('nobody') }),
]);

/** Whom a ticket stands in for. */
export type TicketClaim = z.infer<typeof claimSchema>;

const TICKET = /^rfs_([\w-]{1,8000})\.([\w-]{43})$/;
const KEY = 'access tickets';

/**
 * Tickets are what clients of images get for a name and a password, and send in their place for a while. They are signed with a key in the
 * store, so that every process that shares it knows the tickets of the others.
 */
export class Tickets {
  #key: Promise<string> | undefined;

  /** `now` is the time in milliseconds by the clock that all processes share. */
  constructor(
    private readonly keys: SigningKeys,
    private readonly now: () => number,
  ) {}

  /** A ticket; it does not outlast what it stands in for. */
  async issue(claim: TicketClaim, until = Infinity): Promise<{ readonly ticket: string; readonly seconds: number }> {
    const now = this.now();
    const end = Math.min(until, now + TICKET_LIFETIME * 1000);
    const text = Buffer.from(JSON.stringify([claim, end])).toString('base64url');
    return {
      ticket: `rfs_${text}.${(await this.#sign(text)).toString('base64url')}`,
      seconds: Math.max(1, Math.floor((end - now) / 1000)),
    };
  }

  /** Whether a text has the form of a ticket. */
  isTicket(text: string): boolean {
    return TICKET.test(text);
  }

  /** Whom a ticket stands in for; undefined for one that was not given here, or too long ago. */
  async read(ticket: string): Promise<TicketClaim | undefined> {
    const [, text = '', signature = ''] = TICKET.exec(ticket) ?? [];
    const [given, own] = [Buffer.from(signature, 'base64url'), await this.#sign(text)];
    if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined;
    const [claim, end] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, number];
    return end > this.now() ? claimSchema.parse(claim) : undefined;
  }

  async #sign(text: string): Promise<Buffer> {
    this.#key ??= this.keys.getOrMake(KEY, () => Promise.resolve(randomBytes(32).toString('hex'))).then((key) => key.reveal());
    const key = await this.#key.catch((cause: unknown) => {
      this.#key = undefined;
      throw cause;
    });
    return createHmac('sha256', key).update(text).digest();
  }
}
