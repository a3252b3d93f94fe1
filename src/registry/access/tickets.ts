import * as z from 'zod';
import { type SigningKeys } from '../store/signing-keys';
import { isSealed, Seal } from './seal';

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

const PREFIX = 'rfs_';
const KEY = 'access tickets';

/** Tickets are what clients of images get for a name and a password, and send in their place for a while. */
export class Tickets {
  readonly #seal: Seal;

  /** `now` is the time in milliseconds by the clock that all processes share. */
  constructor(keys: SigningKeys, now: () => number) {
    this.#seal = new Seal(keys, KEY, now);
  }

  /** A ticket; it does not outlast what it stands in for. */
  async issue(claim: TicketClaim, until?: number): Promise<{ readonly ticket: string; readonly seconds: number }> {
    const { sealed, seconds } = await this.#seal.close(claim, until);
    return { ticket: `${PREFIX}${sealed}`, seconds };
  }

  /** Whether a text has the form of a ticket. */
  isTicket(text: string): boolean {
    return text.startsWith(PREFIX) && isSealed(text.slice(PREFIX.length));
  }

  /** Whom a ticket stands in for; undefined for one that was not given here, or too long ago. */
  async read(ticket: string): Promise<TicketClaim | undefined> {
    const claim = this.isTicket(ticket) ? await this.#seal.open(ticket.slice(PREFIX.length)) : undefined;
    return claim === undefined ? undefined : claimSchema.parse(claim);
  }
}
