import { type IncomingHttpHeaders } from 'node:http';
import { readBytes } from '../body';
import { type Context } from '../context';
import { DeniedError, HttpError, reasonOf } from '../errors';
import { formatOf } from '../formats';
import { type Document, enabledCapability } from '../formats/format';
import { admit } from '../proxy/admission';
import { decoded } from '../proxy/decode';
import { type UpstreamAnswer } from '../proxy/upstream';
import { UpstreamError } from '../proxy/upstream-error';
import { type Exchange, sendDocument } from '../reply';
import { serveLocal } from './local';
import { isInternal } from './internal';
import { type ServedRemote, type ServedRequest, type ServedVirtual } from './served';

/** The largest body that is passed on: the list of a very large project's dependencies. */
const LIMIT = 32 << 20;
const PASSED = ['content-type', 'content-encoding'] as const;

/** Passes a request with a body on to the first upstream that knows it; returns false where the package type has no such request. */
export async function forward(
  context: Context,
  exchange: Exchange,
  { served, ...wanted }: ServedRequest<ServedRemote | ServedVirtual>,
): Promise<boolean> {
  const { request, reply } = exchange;
  const { path } = wanted;
  if (!enabledCapability(formatOf(served.packageType).forward, context.strict)?.covers(request.method, path.path)) return false;
  const members = served.kind === 'remote' ? [served] : await served.members();
  const remotes = members.filter((member) => member.kind === 'remote');
  const [first] = members;
  if (remotes.length === 0 && first?.kind === 'local') {
    await serveLocal(context, exchange, { ...wanted, served: first });
    return true;
  }
  const content = await readBytes(request, LIMIT);
  const accept = request.headers.accept ?? '';
  for (const { remote, packageType } of remotes) {
    const body = await told(context, { path: path.path, content, headers: request.headers }, { packageType, remote, served });
    if ('contentType' in body) {
      sendDocument(request, reply, body);
      return true;
    }
    const answer = await context.engine.forward({ remote, ...path, accept }, body).catch(unknownThere);
    if (!answer) continue;
    for (const name of PASSED) if (answer.header(name)) reply.header(name, answer.header(name));
    reply.code(answer.status).send(answer.body);
    return true;
  }
  throw new HttpError(404, `no upstream has ${JSON.stringify(path.path)}`);
}

interface Asked {
  readonly path: string;
  readonly content: Buffer;
  readonly headers: IncomingHttpHeaders;
}

/** What one upstream is told: nothing about what a local member has, or what its own access lists deny. */
async function told(
  context: Context,
  { path, content, headers }: Asked,
  { packageType, remote, served }: Pick<ServedRemote, 'packageType' | 'remote'> & { served: ServedRemote | ServedVirtual },
): Promise<Document | { content: Buffer; headers: Record<string, string> }> {
  const { forward: capability } = formatOf(packageType);
  const kept = (names: readonly (typeof PASSED)[number][]) =>
    Object.fromEntries(names.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
  if (!capability?.without) return { content, headers: kept(PASSED) };
  const isPrivate = async (name: string) =>
    isDenied(remote, name) || (served.kind === 'virtual' && (await isInternal(context, served, { path: name, query: '' })));
  const rest = await capability.without(path, plain(content, headers['content-encoding'] ?? ''), isPrivate);
  return Buffer.isBuffer(rest) ? { content: rest, headers: kept(['content-type']) } : rest;
}

function isDenied(remote: ServedRemote['remote'], path: string): boolean {
  try {
    admit({ remote, path, query: '', accept: '' });
    return false;
  } catch (cause) {
    if (cause instanceof DeniedError) return true;
    throw cause;
  }
}

function plain(content: Buffer, encoding: string): Buffer {
  try {
    return decoded(content, encoding);
  } catch (cause) {
    throw new HttpError(400, `the body cannot be decoded as ${JSON.stringify(encoding)}: ${reasonOf(cause)}`);
  }
}

function unknownThere(cause: unknown): UpstreamAnswer | undefined {
  if (cause instanceof UpstreamError && (cause.isAbsence || cause.upstreamStatus === 405)) return undefined;
  throw cause;
}
