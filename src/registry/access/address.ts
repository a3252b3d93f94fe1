import { isIP } from 'node:net';
import { type IncomingHttpHeaders } from 'node:http';
import { type Socket } from 'node:net';
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
export function clientAddress(
  request: { readonly headers: IncomingHttpHeaders; readonly raw: { readonly socket: Socket } },
  trustForwarded = false,
): string {
  const entries = trustForwarded ? [request.headers['x-forwarded-for'] ?? ''].flat().join(',').split(',') : [];
  const told = plainAddress((entries.at(-1) ?? '').trim());
  return isIP(told) ? told : plainAddress(request.raw.socket.remoteAddress ?? '');
}

/**
 * Why a page of another site may be making a browser send a request; undefined if none does. Browsers add the login that their user has given
 * here, or reach what listens on the user's own machine only.
 *
 * That `Origin` is the name in `Host` is not enough without a login: a site can give a name of its own the address of this machine.
 */
export function strangerProblem(context: Parameters<typeof publicUrl>[0], request: FastifyRequest): string | undefined {
  const { 'sec-fetch-site': site, origin, authorization } = request.headers;
  if (site === 'same-origin' || site === 'none' || (site === undefined && origin === undefined)) return undefined;
  const own = new URL(publicUrl(context, request));
  if (site !== undefined || origin?.toLowerCase() !== own.origin) return 'a page of another site may not change anything here';
  if (authorization !== undefined || context.publicUrl !== undefined || isPlainHost(own.hostname)) return undefined;
  return `a page at ${JSON.stringify(own.host)} may not change anything without a login, since any site can take such a name; use an address or localhost, or name the URL with --public-url`;
}

/** Whether a host is an address, or a name that nobody else can have. */
function isPlainHost(host: string): boolean {
  return isIP(plainAddress(host)) !== 0 || host === 'localhost' || host.endsWith('.localhost');
}

/** What stands for a client in limits: its address, or of IPv6 the network, in which one client has all addresses. */
export function limitKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [before = '', after] = address.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  return [...head, ...Array<string>(zeros).fill('0'), ...tail]
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}

function plainAddress(text: string): string {
  const bare = text.replace(/^\[(.*)\](?::\d+)?$/, '$1').toLowerCase();
  return bare.replace(/^::ffff:(?=\d+\.)/, '').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
}
