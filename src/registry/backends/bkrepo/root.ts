import { type FastifyRequest } from 'fastify';
import { publicUrl } from '../../public-url';
import { type BkContext } from './context';

/** The URL of this server as the client of a request knows it, with its prefix and without a slash at the end. */
export function publicRoot(context: BkContext, request: FastifyRequest): string {
  return publicUrl(context, request) + context.settings.prefix;
}

/** The prefix of the URLs of Git and Subversion mirrors; a server with default settings omits it. */
export function gitRoot(context: BkContext, request: FastifyRequest): string | undefined {
  return context.strict ? undefined : publicRoot(context, request);
}
