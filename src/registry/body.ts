import { type FastifyRequest } from 'fastify';
import { type ZodType } from 'zod';
import { HttpError, reasonOf } from './errors';
import { type Room } from './store/room';

const LIMIT = 1 << 20;

/** Reads the JSON body of a request and checks its shape; whatever is wrong with it is a 400 that says so. */
export async function readBody<T>(request: FastifyRequest, schema: ZodType<T>): Promise<T> {
  const result = schema.safeParse(parseJson((await readBytes(request, LIMIT)).toString('utf8')));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new HttpError(400, `invalid body: ${issues.join('; ')}`);
}

/** Reads the body of a request whole, up to a limit. */
export async function readBytes(request: FastifyRequest, limit: number): Promise<Buffer> {
  const tooLarge = () => new HttpError(413, `body is larger than ${limit} bytes`);
  if (Number(request.headers['content-length']) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of arriving(request)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) throw tooLarge();
  }
  return Buffer.concat(chunks);
}

/** The body of a request as it arrives; one that breaks off is the client's fault, which an error of the caller's may say. */
export async function* arriving({ raw }: FastifyRequest, broken?: () => Error): AsyncGenerator<Buffer, void> {
  try {
    for await (const chunk of raw.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (cause) {
    if (raw.complete) throw cause;
    throw broken?.() ?? new HttpError(400, `the upload broke off: ${reasonOf(cause)}`);
  } finally {
    // Many clients read the answer only when they have sent everything, also where that is refused before its end.
    raw.resume();
  }
}

/** The body of a request that is to be stored, as it arrives; one that is announced to be larger than there is room for is refused unread. */
export async function* arrivingAt(room: Room | undefined, request: FastifyRequest, broken?: () => Error): AsyncGenerator<Buffer, void> {
  const { 'content-length': length = 0, 'content-type': type = '' } = request.headers;
  try {
    // A form is larger than the files in it.
    if (!/^multipart\//i.test(type)) await room?.expect(Number(length));
  } catch (cause) {
    request.raw.resume();
    throw cause;
  }
  yield* arriving(request, broken);
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw new HttpError(400, 'invalid body: empty, expected a JSON object');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HttpError(400, `invalid JSON: ${(cause as Error).message}`);
  }
}
