import { type FastifyRequest } from 'fastify';
import { type BkContext } from './context';

/** The URL of this server as the client of a request knows it, without a slash at the end. */
export function publicRoot(context: BkContext, request: FastifyRequest): string {
  return context.publicUrl ?? `${request.protocol}://${request.headers.host ?? 'localhost'}${context.settings.prefix}`;
}
