import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Context } from '../context';
import { publicUrl } from '../public-url';
import { principalOf } from './principal';

const PARAMETER = 'signature';
const marked = new WeakSet<FastifyRequest>();

/** Notes that the client follows the links in the answer without the login that it has sent for it. */
export function signLinks(request: FastifyRequest): void {
  marked.add(request);
}

/** Gives a signature to the links of marked answers: whoever has one may read what it leads to, for a while, as the client may now. */
export function signedLinks(app: FastifyInstance, context: Context): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (!marked.has(request) || principalOf(request).isAnonymous) return payload;
    const sign = signerFor(context, request);
    const header = reply.getHeader('x-terraform-get');
    if (typeof header === 'string') reply.header('x-terraform-get', await sign(header));
    return typeof payload === 'string' || Buffer.isBuffer(payload) ? signDocument(reply, String(payload), sign) : payload;
  });
}

/** The signature that a request has in place of a login; it is taken out of its URL, which is that of the file. */
export function takeSignature(request: FastifyRequest): { readonly path: string; readonly ticket: string } | undefined {
  const { raw } = request;
  const [, path = '', before = '', ticket = '', after = ''] = /^([^?]*)\?(.*&)?signature=(rfs_[\w.-]+)(&.*)?$/.exec(raw.url ?? '') ?? [];
  if (ticket === '' || (request.method !== 'GET' && request.method !== 'HEAD')) return undefined;
  const rest = `${before}${after.slice(1)}`.replace(/&$/, '');
  raw.url = rest === '' ? path : `${path}?${rest}`;
  return { path, ticket };
}

type Sign = (link: string) => Promise<string>;

function signerFor(context: Context, request: FastifyRequest): Sign {
  const root = publicUrl(context, request);
  const prefix = new URL(root).pathname.replace(/\/$/, '');
  const principal = principalOf(request);
  return async (link) => {
    const url =
      link.startsWith('/') && !link.startsWith('//') ? link : link.startsWith(`${root}/`) ? link.slice(root.length - prefix.length) : '';
    if (url === '') return link;
    const { pathname } = new URL(url, 'http://x');
    const path = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
    const ticket = await context.access.linkTo(path, principal);
    return `${link}${link.includes('?') ? '&' : '?'}${PARAMETER}=${ticket}`;
  };
}

async function signDocument(reply: FastifyReply, text: string, sign: Sign): Promise<string> {
  if (!/json/.test(String(reply.getHeader('content-type')))) return text;
  const signed = JSON.stringify(await signedValue(JSON.parse(text) as unknown, sign));
  reply.removeHeader('etag').headers({ 'content-length': Buffer.byteLength(signed), 'cache-control': 'no-store' });
  return signed;
}

async function signedValue(value: unknown, sign: Sign): Promise<unknown> {
  if (typeof value === 'string') return sign(value);
  if (Array.isArray(value)) return Promise.all(value.map((each) => signedValue(each, sign)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, each]) => [key, await signedValue(each, sign)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
