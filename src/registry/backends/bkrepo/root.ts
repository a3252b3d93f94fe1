import { type FastifyRequest } from 'fastify';
import { publicUrl } from '../../public-url';
import { type BkContext } from './context';

/** The URL of this server as the client of a request knows it, with its prefix and without a slash at the end. */
export function publicRoot(context: BkContext, request: FastifyRequest): string {
  return publicUrl(context, request) + context.settings.prefix;
}
