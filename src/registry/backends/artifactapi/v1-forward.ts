import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { formatOf } from '../../formats';
import { enabledCapability } from '../../formats/format';
import { readBytes } from '../../body';
import { type UpstreamAnswer } from '../../proxy/upstream';
import { UpstreamError } from '../../proxy/upstream-error';
import { requestPath } from '../../request-path';
import { type Remote } from '../../store/repositories';
import { membersOf } from './virtuals';
import { existingUpstream } from './v1-remote';
import { type ByName } from './fields';

/** The largest body that is passed on: the list of a very large project's dependencies. */
const LIMIT = 32 << 20;
const PASSED = ['content-type', 'content-encoding'] as const;

/** `POST /api/v1/{remote,virtual}/{name}/{path}`: requests with a body that a package type has, passed on to the upstream. */
export function v1Forward(app: FastifyInstance, context: Context): void {
  app.post<ByName>('/api/v1/remote/:name/*', async (request, reply) => {
    const remote = await existingUpstream(context, request.params.name);
    return forward(context, { request, reply }, { type: remote.package_type, remotes: [remote] });
  });

  app.post<ByName>('/api/v1/virtual/:name/*', async (request, reply) => {
    const { name } = request.params;
    const virtual = await context.store.repositories.virtual(name);
    if (!virtual) throw new HttpError(404, `virtual repository ${JSON.stringify(name)} not found`);
    const remotes = (await membersOf(context, virtual)).filter((member) => member.repo_type === 'remote');
    return forward(context, { request, reply }, { type: virtual.package_type, remotes });
  });
}

interface Targets {
  readonly type: string;
  readonly remotes: readonly Remote[];
}

/** The first upstream that knows the request answers it. */
async function forward(
  context: Context,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { type, remotes }: Targets,
): Promise<FastifyReply> {
  const path = requestPath(request, formatOf(type));
  if (!enabledCapability(formatOf(type).forward, context.strict)?.covers(request.method, path.path))
    throw new HttpError(404, '404 page not found');
  const content = await readBytes(request, LIMIT);
  const headers = Object.fromEntries(PASSED.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])));
  const accept = request.headers.accept ?? '';
  for (const remote of remotes) {
    const answer = await context.engine.forward({ remote, ...path, accept }, { content, headers }).catch(unknownThere);
    if (answer) return send(reply, answer);
  }
  throw new HttpError(404, `no upstream has ${JSON.stringify(path.path)}`);
}

function send(reply: FastifyReply, answer: UpstreamAnswer): FastifyReply {
  for (const name of PASSED) if (answer.header(name)) reply.header(name, answer.header(name));
  return reply.code(answer.status).send(answer.body);
}

function unknownThere(cause: unknown): undefined {
  if (cause instanceof UpstreamError && (cause.isAbsence || cause.upstreamStatus === 405)) return undefined;
  throw cause;
}
