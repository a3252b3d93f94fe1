import { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import { demand } from '../../access/guard';
import { readBody } from '../../body';
import { type Context } from '../../context';
import { HttpError, reasonOf } from '../../errors';
import { encodePath } from '../../formats/links';
import { formatOf } from '../../formats';
import { canonicalPath } from '../../proxy/canonical';
import { type Found } from '../../proxy/engine';
import { OF_SOME } from './needs';
import { existingRemote } from './remotes';

const probeBody = z.object({ remote: z.string(), path: z.string(), accept: z.string().optional() });

/** `/api/v2/probe`: fetches a path through a remote and reports the outcome without the body. */
export function probe(app: FastifyInstance, context: Context): void {
  app.post('/api/v2/probe', OF_SOME, async (request, reply) => {
    const body = await readBody(request, probeBody);
    demand(request, 'read', body.remote);
    const remote = await existingRemote(context, body.remote);
    if (remote.repo_type !== 'remote') throw new HttpError(400, `repository ${JSON.stringify(body.remote)} is not a remote`);
    const path = canonicalPath(encodePath(body.path), formatOf(remote.package_type));
    const start = Date.now();
    const asked = { remote: remote.name, path };
    try {
      const found = await context.engine.get({ remote, path, query: '', accept: body.accept ?? '' });
      const facts = await factsOf(found);
      return await reply.send({ ...asked, ok: true, status: 200, ...facts, duration_ms: Date.now() - start });
    } catch (cause) {
      const status = cause instanceof HttpError ? cause.status : 502;
      return reply.send({ ...asked, ok: false, status, error: reasonOf(cause), duration_ms: Date.now() - start });
    }
  });
}

async function factsOf(found: Found): Promise<Record<string, unknown>> {
  if ('row' in found) {
    const { size, content_type, etag, last_modified, hash } = found.row;
    return { source: found.source, size, content_type, etag, last_modified, sha256: hash };
  }
  const { answer, done } = found.download;
  const { hash, size } = await done;
  const headers = {
    content_type: answer.header('content-type'),
    etag: answer.header('etag'),
    last_modified: answer.header('last-modified'),
  };
  return { source: found.source, size, ...headers, sha256: hash };
}
