import { createHash, randomUUID } from 'node:crypto';
import { type UpstreamAnswer } from './upstream';

/**
 * The strong validator that clients are told, known before the body has arrived, so that the first answer tells the same as all later
 * ones: the upstream's own, or one made of what it says of the content. Where it says nothing, every fetch has its own.
 */
export function tagOf({ header, length }: UpstreamAnswer): string {
  const own = header('etag');
  if (/^"[\x21\x23-\x7e]+"$/.test(own)) return own;
  const facts = [own, header('last-modified'), length];
  if (!own && !facts[1]) return `"${randomUUID()}"`;
  return `"${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32)}"`;
}
