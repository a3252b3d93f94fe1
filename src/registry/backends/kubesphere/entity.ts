import { type FastifyRequest } from 'fastify';
import { readBytes } from '../../body';
import { decodeJson, type Shape } from './go/json-decode';
import { GoError, parseJson } from './go/json-parse';

const LIMIT = 16 << 20;
/** What is read as JSON, and as nothing more than JSON: a patch is no patch. */
const JSON_TYPES = ['application/json', 'application/merge-patch+json', 'application/json-patch+json'];

/** Reads the body of a request into a shape; throws what the server says of a wrong one. */
export async function readEntity<T>(request: FastifyRequest, shape: Shape): Promise<T> {
  const text = (await readBytes(request, LIMIT)).toString('utf8');
  if (!isJson(request))
    throw new GoError(`[ServiceError:400] Unable to unmarshal content of type:${request.headers['content-type'] ?? ''}`);
  return decodeJson<T>(parseJson(text), shape);
}

/** Whether a request says that its body is JSON. */
export function isJson({ headers }: FastifyRequest): boolean {
  return JSON_TYPES.some((known) => (headers['content-type'] ?? '').includes(known));
}

/** One parameter of the query; when it is repeated, the first; empty when it is missing. */
export function queryOf(request: FastifyRequest, name: string): string {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** A truth value as Go reads one. */
export function isTrue(text: string): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text);
}
