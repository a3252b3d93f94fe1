import { type FastifyRequest } from 'fastify';
import { type Context } from './context';

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const PREFIX = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?$/;

/** The URL of this registry as the client of a request knows it, without a slash at the end. */
export function publicUrl(
  { publicUrl: told, trustForwarded }: Pick<Context, 'publicUrl' | 'trustForwarded'>,
  request: FastifyRequest,
): string {
  if (told !== undefined) return told;
  const own = { protocol: request.protocol, host: request.headers.host ?? 'localhost', prefix: '' };
  const { protocol, host, prefix } = trustForwarded ? { ...own, ...forwarded(request) } : own;
  return `${protocol}://${host}${prefix}`;
}

/** What reverse proxies say about the request; the first value is from the outermost one. Malformed values are ignored. */
function forwarded(request: FastifyRequest) {
  const first = (name: string, valid: RegExp): string | undefined => {
    const value = [request.headers[`x-forwarded-${name}`]].flat()[0]?.split(',')[0]?.trim() ?? '';
    return valid.test(value) ? value : undefined;
  };
  const [protocol, host, prefix] = [first('proto', /^https?$/i), first('host', HOST), first('prefix', PREFIX)];
  return {
    ...(protocol && { protocol: protocol.toLowerCase() }),
    ...(host && { host: withPort(host, first('port', /^\d{1,5}$/)) }),
    ...(prefix && { prefix: prefix.replace(/\/$/, '') }),
  };
}

function withPort(host: string, port: string | undefined): string {
  return port === undefined || ['80', '443'].includes(port) || /:\d+$/.test(host) ? host : `${host}:${port}`;
}
