import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { sendText } from '../reply';

/** The files of the page lie beside the command's bundle; what runs from its sources takes the ones of the last build. */
const FOLDERS = [join(__dirname, 'page'), join(__dirname, '../../../dist/page')];

const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;
type Name = keyof typeof TYPES;

/** Scripts and styles are files of the registry; the page makes no markup of texts, which browsers enforce where they can. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"],
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // A newer registry at the same address has a newer page.
  'cache-control': 'no-cache',
};

interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

/** The page is the same for everybody; what it shows is not. */
export const FOR_ALL = { config: { access: { on: 'nothing' } } } as const;

const known = new Map<Name, Asset>();

/** `/ui/`: the files of the page, the same for all backends. */
export function pageAssets(app: FastifyInstance): void {
  app.get('/ui', FOR_ALL, (_request, reply) => reply.redirect('ui/', 302));
  app.get('/ui/', FOR_ALL, (request, reply) => send(request, reply, 'index.html'));
  for (const name of ['page.js', 'page.css', 'icon.svg'] as const)
    app.get(`/ui/${name}`, FOR_ALL, (request, reply) => send(request, reply, name));
}

function send(request: FastifyRequest, reply: FastifyReply, name: Name): FastifyReply {
  const asset = assetOf(name);
  if (!asset) return sendText(reply, 404, 'the page is not built; run "npm run build"');
  const { type, etag, plain, gzipped } = asset;
  reply.headers({ ...HEADERS, etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  reply.header('content-type', type);
  const isGzipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  return isGzipped ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(plain);
}

function assetOf(name: Name): Asset | undefined {
  const read = known.get(name);
  if (read) return read;
  const folder = FOLDERS.find((each) => existsSync(join(each, name)));
  if (folder === undefined) return undefined;
  const plain = readFileSync(join(folder, name));
  const etag = `"${createHash('sha256').update(plain).digest('base64url')}"`;
  const asset = { type: TYPES[name], etag, plain, gzipped: gzipSync(plain) };
  known.set(name, asset);
  return asset;
}
