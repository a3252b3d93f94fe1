import { type IncomingHttpHeaders } from 'node:http';
import { HttpError } from './errors';

/** The SHA-256 that a client announces of a body, in hexadecimal; undefined if it announces none. Throws a 400 for what is no SHA-256. */
export function announcedSha256(headers: IncomingHttpHeaders): string | undefined {
  const hex = one(headers['x-checksum-sha256']);
  if (hex !== undefined) return checked(/^[0-9a-f]{64}$/i.test(hex) ? hex.toLowerCase() : undefined, 'X-Checksum-Sha256', hex);
  for (const name of ['repr-digest', 'content-digest', 'digest']) {
    // RFC 9530 puts the Base64 between colons, RFC 3230 did not.
    const [, base64] = /(?:^|,)\s*sha-256=:?([^:,]*)/i.exec(one(headers[name]) ?? '') ?? [];
    if (base64 === undefined) continue;
    const bytes = Buffer.from(base64, 'base64');
    return checked(bytes.length === 32 ? bytes.toString('hex') : undefined, name, base64);
  }
  return undefined;
}

const one = (value: string | readonly string[] | undefined): string | undefined => (typeof value === 'string' ? value.trim() : value?.[0]);

function checked(hash: string | undefined, header: string, value: string): string {
  if (hash !== undefined) return hash;
  throw new HttpError(400, `the header ${header} has ${JSON.stringify(value)}, which is not a SHA-256`);
}
