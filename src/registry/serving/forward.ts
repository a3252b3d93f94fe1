import { readBytes } from '../body';
import { type Context } from '../context';
import { HttpError } from '../errors';
import { formatOf } from '../formats';
import { enabledCapability } from '../formats/format';
import { type UpstreamAnswer } from '../proxy/upstream';
import { UpstreamError } from '../proxy/upstream-error';
import { type Exchange } from '../reply';
import { type ServedRemote, type ServedRequest, type ServedVirtual } from './served';

/** The largest body that is passed on: the list of a very large project's dependencies. */
const LIMIT = 32 << 20;
const PASSED = ['content-type', 'content-encoding'] as const;

/** Passes a request with a body on to the first upstream that knows it; returns false where the package type has no such request. */
export async function forward(
  context: Context,
  { request, reply }: Exchange,
  { served, path }: ServedRequest<ServedRemote | ServedVirtual>,
): Promise<boolean> {
  if (!enabledCapability(formatOf(served.packageType).forward, context.strict)?.covers(request.method, path.path)) return false;
  const members = served.kind === 'remote' ? [served] : await served.members();
  const content = await readBytes(request, LIMIT);
  const headers = Object.fromEntries(PASSED.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])));
  const accept = request.headers.accept ?? '';
  for (const member of members) {
    if (member.kind !== 'remote') continue;
    const answer = await context.engine.forward({ remote: member.remote, ...path, accept }, { content, headers }).catch(unknownThere);
    if (!answer) continue;
    for (const name of PASSED) if (answer.header(name)) reply.header(name, answer.header(name));
    reply.code(answer.status).send(answer.body);
    return true;
  }
  throw new HttpError(404, `no upstream has ${JSON.stringify(path.path)}`);
}

function unknownThere(cause: unknown): UpstreamAnswer | undefined {
  if (cause instanceof UpstreamError && (cause.isAbsence || cause.upstreamStatus === 405)) return undefined;
  throw cause;
}
