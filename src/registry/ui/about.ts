import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { version } from '../../common/version';
import { type Context } from '../context';
import { publicUrl } from '../public-url';
import { FOR_ALL, pageAssets } from './assets';

/** What a backend tells its page. */
export interface About {
  readonly backend: string;
  /** The version that the backend behaves as, where there are several. */
  readonly serverVersion?: string;
  /** What stands before the paths of the backend. @default nothing */
  readonly prefix?: string;
}

/** Whether a request is for the page, and not for the API of the backend. */
export function isOfPage(request: FastifyRequest): boolean {
  return /^\/ui(?:\/|$)/.test(request.routeOptions.url ?? '');
}

/** `/ui/` of a backend: the page, and what it is about. A strict registry has neither. */
export function page(app: FastifyInstance, context: Context, { prefix = '', ...about }: About): void {
  if (context.strict) return;
  pageAssets(app);
  app.get('/ui/api/about', FOR_ALL, (request, reply) =>
    reply.header('cache-control', 'no-store').send({
      ...about,
      version,
      endpoint: publicUrl(context, request) + prefix,
      pages: context.pages(),
      now: new Date().toISOString(),
    }),
  );
}
