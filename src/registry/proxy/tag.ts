import { createHash, randomUUID } from 'node:crypto';
import { type UpstreamAnswer } from './upstream';

/**
 * The validator sent to clients, known before the body has arrived, so that the first answer has the same one as all later
 * answers: the upstream's own, or one derived from its other headers. Without any of these, every fetch gets a new one.
 */
export function tagOf({ header, length }: UpstreamAnswer): string {
  const own = header('etag');
  // A weak one stays weak: the upstream may have it for several contents.
  if (/^(?:W\/)?"[\x21\x23-\x7e]+"$/.test(own)) return own;
  const facts = [own, header('last-modified'), length];
  if (!own && !facts[1]) return `"${randomUUID()}"`;
  return `"${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32)}"`;
}
