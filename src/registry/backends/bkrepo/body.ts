import { type FastifyRequest } from 'fastify';
import * as z from 'zod';
import { systemError } from './parameter-checks';
import { type PageWindow } from './envelope';
import { problem } from './problem';

const LIMIT = 10 << 20;
const DEFAULT_PAGE_SIZE = 20;
const invalid = () => problem('REQUEST_CONTENT_INVALID', 'Invalid request content');

/** A text that is null if omitted. */
export const textOrNull = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

/** Reads a JSON body; unknown fields are ignored, and any problem is 250106 without the name of a field. */
export async function readJson<T>(request: FastifyRequest, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(parse(await readText(request)));
  if (!result.success) throw invalid();
  return result.data;
}

/** One parameter of the query; when it is repeated, the first. */
export function queryOf(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A parameter of the query that must be there. */
export function requiredQuery(request: FastifyRequest, name: string): string {
  const value = queryOf(request, name);
  if (value === undefined) throw problem('PARAMETER_MISSING', `Parameter [${name}] is missing`);
  return value;
}

/** A truth value of the query. */
export function booleanQuery(request: FastifyRequest, name: string): boolean | undefined {
  const value = queryOf(request, name)?.toLowerCase();
  if (value === undefined || value === '') return undefined;
  if (value !== 'true' && value !== 'false') throw systemError();
  return value === 'true';
}

/** A whole number of the query or the path. */
export function wholeNumber(value: string): number {
  if (!/^-?\d{1,15}$/.test(value)) throw systemError();
  return Number(value);
}

/** The page that a query asks for: a number up to 0 is the first, a size up to 0 is an uncaught exception of the server. */
export function windowOf(request: FastifyRequest, unset: PageWindow = { pageNumber: 1, pageSize: DEFAULT_PAGE_SIZE }): PageWindow {
  const { pageNumber = String(unset.pageNumber), pageSize = String(unset.pageSize) } = request.query as Record<string, string | undefined>;
  return pageWindow(pageNumber, pageSize);
}

/** The page that two numbers of a URL ask for. */
export function pageWindow(pageNumber: string, pageSize: string): PageWindow {
  const size = wholeNumber(pageSize);
  if (size <= 0) throw systemError();
  return { pageNumber: Math.max(1, wholeNumber(pageNumber)), pageSize: size };
}

async function readText(request: FastifyRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.raw) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > LIMIT) throw problem('REQUEST_CONTENT_INVALID', 'The request content is too large', 413);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw invalid();
  }
}
