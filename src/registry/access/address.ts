import { isIP } from 'node:net';
import { type FastifyRequest } from 'fastify';
import { publicUrl } from '../public-url';

/** Whether only this machine reaches what listens on an address. */
export function isLoopback(host: string): boolean {
  const bare = plainAddress(host);
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/**
 * The address of the client of a request. Behind a trusted proxy it is what that proxy has added to `X-Forwarded-For`, which is the last
 * entry: the ones before it are the client's own words.
 */
export function clientAddress(request: FastifyRequest, trustForwarded = false): string {
  const entries = trustForwarded ? [request.headers['x-forwarded-for'] ?? ''].flat().join(',').split(',') : [];
  const told = plainAddress((entries.at(-1) ?? '').trim());
  return isIP(told) ? told : plainAddress(request.raw.socket.remoteAddress ?? '');
}

/**
 * Whether a page of another site makes a browser send a request. Browsers add the login that their user has given here, or reach what
 * listens on the user's own machine only.
 */
export function isOfAnotherSite(context: Parameters<typeof publicUrl>[0], request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (typeof site === 'string') return site === 'cross-site' || site === 'same-site';
  if (origin === undefined) return false;
  return origin === 'null' || origin.toLowerCase() !== new URL(publicUrl(context, request)).origin;
}

function plainAddress(text: string): string {
  const bare = text.replace(/^\[(.*)\](?::\d+)?$/, '$1').toLowerCase();
  return bare.replace(/^::ffff:(?=\d+\.)/, '').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
}
