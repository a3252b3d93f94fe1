import { type FastifyInstance, type FastifyReply } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { isOfPage } from '../../ui/about';
import { problem } from './problem';

/** What the gateway passes on; everything else is a page of its own. */
const SERVICES = new Set(
  (
    'auth repository generic docker oci maven job helm pypi opdata rpm s3 fs-server git npm analyst replication nuget composer media ' +
    'media-job ddc conan job-schedule websocket preview huggingface driver cargo skill'
  ).split(' '),
);
/** The registry's own controls of faults are not behind the gateway. */
const OWN = /^\/__(faults|requests)(\?|$)/;
/** Where clients of images find the service that is at the root of a host of its own otherwise. */
const IMAGES = /^\/(?:docker|oci)(?=\/v2(?:\/|$))/;
/** What stands at the root of the host, whatever the prefix of the installation. */
const ROOT = /^\/v2(?:[/?]|$)/;
const PROBES = /\/actuator\/(health|env)(\/|$)/;
const INTERNAL = /^\/[^/]+\/service\//;

/**
 * The URL as the service behind the gateway sees it: without a prefix of the installation, without `/api`, and without what follows
 * a semicolon in a segment, which services take for a parameter of it.
 */
export function behindGateway(url: string, prefix: string): string {
  if (!isWithin(url, prefix) || ROOT.test(url)) return url;
  const [path = '', query] = partsOf(url.slice(prefix.length) || '/');
  const [, first, second] = path.split('/');
  const outer = first === 'api' && SERVICES.has(second ?? '') ? path.slice('/api'.length) : path;
  const inner = outer.replace(IMAGES, '');
  return inner.replaceAll(/;[^/]*/g, '') + (query === undefined ? '' : `?${query}`);
}

function partsOf(url: string): [path: string, query?: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}

/** Answers requests that reach no service with pages like those of nginx, and unknown routes as the services do. */
export function gateway(app: FastifyInstance, { prefix, strict }: { readonly prefix: string; readonly strict: boolean }): void {
  const routes: { readonly method: string; readonly pattern: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, pattern: patternOf(url) });
  });

  app.addHook('onRequest', (request, reply, next) => {
    const path = (request.raw.url ?? '').split('?')[0] ?? '';
    if (OWN.test(path) || (isOfPage(request) && isWithin(request.originalUrl, prefix))) return next();
    if (!strict && ROOT.test(path)) return next();
    if (PROBES.test(path)) return void htmlPage(reply, 403);
    const [, service = ''] = path.split('/');
    if (!isWithin(request.originalUrl, prefix) || !SERVICES.has(service) || INTERNAL.test(path)) return void htmlPage(reply, 404);
    next();
  });

  app.setNotFoundHandler((request) => {
    const path = (request.raw.url ?? '').split('?')[0] ?? '';
    const isKnown = routes.some(({ pattern }) => pattern.test(path));
    if (isKnown) throw problem('METHOD_NOT_ALLOWED', `Method not allowed, reason: Request method '${request.method}' is not supported`);
    throw problem('REQUEST_URL_NOT_FOUND', `Request url[${path}] not found`);
  });
}

/** A page as nginx writes it. */
export function htmlPage(reply: FastifyReply, status: number): FastifyReply {
  const title = `${status} ${STATUS_CODES[status]}`;
  const text = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n`;
  return reply.code(status).type('text/html').send(text);
}

function isWithin(url: string, prefix: string): boolean {
  return OWN.test(url) || prefix === '' || url === prefix || url.startsWith(`${prefix}/`);
}

function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
