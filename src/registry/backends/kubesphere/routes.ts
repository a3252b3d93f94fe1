import { type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify';
import { sendPlain } from './answers';

/** Answers a request. */
export type Handler = (
  request: FastifyRequest<{ Params: Readonly<Record<string, string>> }>,
  reply: FastifyReply,
) => Promise<FastifyReply> | FastifyReply;

/** The routes of a path by method. */
export type Routes = Readonly<Record<string, Partial<Readonly<Record<'GET' | 'POST' | 'PATCH' | 'DELETE', Handler>>>>>;

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Adds routes below a base, also within a workspace where they exist there too; what a path does not take is a 405. */
export function addRoutes(app: FastifyInstance, bases: readonly string[], routes: Routes): void {
  for (const base of bases) {
    for (const [path, handlers] of Object.entries(routes)) {
      for (const method of METHODS) {
        const handler = (handlers as Partial<Record<HTTPMethods, Handler>>)[method] ?? notAllowed;
        app.route({ method, url: base + path, exposeHeadRoute: false, handler });
      }
    }
  }
}

/** A base by itself and within a workspace. */
export function scoped(base: string): readonly string[] {
  return [base, `${base}/workspaces/:workspace`];
}

const notAllowed: Handler = (_request, reply) => sendPlain(reply, 405, '405: Method Not Allowed');
