import { type FastifyRequest } from 'fastify';
import { isUrl } from '../common/urls';
import { type Context } from './context';

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
/** Whether a text is a name or an address, with or without a port, that a URL can have. */
export const isHost = (text: string): boolean => HOST.test(text) && isUrl(`http://${text}`);
const PREFIX = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?$/;

/** The URL of this registry as the client of a request knows it, without a slash at the end. */
export function publicUrl(
  { publicUrl: told, trustForwarded }: Pick<Context, 'publicUrl' | 'trustForwarded'>,
  request: FastifyRequest,
): string {
  if (told !== undefined) return told;
  const own = { protocol: request.protocol, host: request.headers.host || 'localhost', prefix: '' };
  const { protocol, host, prefix } = trustForwarded ? { ...own, ...forwarded(request) } : own;
  return `${protocol}://${host}${prefix}`;
}

/** What reverse proxies say about the request; the first value is from the outermost one. Malformed values are ignored. */
function forwarded(request: FastifyRequest) {
  const first = (name: string, isValid: (value: string) => boolean): string | undefined => {
    const value = [request.headers[`x-forwarded-${name}`]].flat()[0]?.split(',')[0]?.trim() ?? '';
    return isValid(value) ? value : undefined;
  };
  const protocol = first('proto', (value) => /^https?$/i.test(value));
  const [host, prefix] = [first('host', isHost), first('prefix', (value) => PREFIX.test(value))];
  return {
    ...(protocol && { protocol: protocol.toLowerCase() }),
    ...(host && { host: withPort(host, first('port', isPort)) }),
    ...(prefix && { prefix: prefix.replace(/\/$/, '') }),
  };
}

const isPort = (text: string): boolean => isHost(`localhost:${text}`);

function withPort(host: string, port: string | undefined): string {
  return port === undefined || ['80', '443'].includes(port) || /:\d+$/.test(host) ? host : `${host}:${port}`;
}
