import { type FastifyInstance } from 'fastify';
import { isUrl } from '../../../common/urls';
import { demand } from '../../access/guard';
import { readable } from '../../access/principal';
import { readBody } from '../../body';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { type Remote } from '../../store/repositories';
import { keepSecrets, keepsSecret } from '../../store/secret';
import { type ByName, remoteBody } from './fields';
import { ADMIN_OF_ONE, ADMIN_OF_SOME, OF_ONE, OF_READABLE } from './needs';

/** `/api/v2/remotes`: remotes and local repositories. */
export function remotes(app: FastifyInstance, context: Context): void {
  const { repositories } = context.store;

  app.get('/api/v2/remotes', OF_READABLE, async (request, reply) => {
    const mayRead = readable(request);
    return reply.send(orNull((await repositories.remotes()).filter(({ name }) => mayRead(name)).map(toJson)));
  });

  app.post('/api/v2/remotes', ADMIN_OF_SOME, async (request, reply) => {
    const body = await readBody(request, remoteBody);
    if (body.name === undefined) throw new HttpError(400, 'invalid body: name: is required');
    demand(request, 'admin', body.name);
    const now = new Date().toISOString();
    const remote: Remote = { ...body, name: body.name, created_at: now, updated_at: now };
    if (!(await repositories.createRemote(remote))) throw new HttpError(409, `repository ${JSON.stringify(remote.name)} already exists`);
    context.events.emit('remote.created', { name: remote.name });
    return reply.code(201).send(toJson(remote));
  });

  app.get<ByName>('/api/v2/remotes/:name', OF_ONE, async (request, reply) =>
    reply.send(toJson(await existingRemote(context, request.params.name))),
  );

  app.put<ByName>('/api/v2/remotes/:name', ADMIN_OF_ONE, async (request, reply) => {
    const body = await readBody(request, remoteBody);
    const { name } = await existingRemote(context, request.params.name);
    if (body.name !== undefined && body.name !== name) throw new HttpError(400, 'invalid body: name: cannot be changed');
    const updated_at = new Date().toISOString();
    const remote = await repositories.changeRemote(name, (old) => {
      const changed = { ...body, name, created_at: old.created_at, updated_at };
      // Nobody may read a secret, so nobody may have it sent to a server of their own either.
      if (context.access.isRequired && keepsSecret(old, changed) && originOf(old) !== originOf(changed))
        throw new HttpError(
          400,
          'invalid body: base_url: it is on another server; send the secrets of the remote as well, such as password',
        );
      return keepSecrets(old, changed);
    });
    if (!remote) throw missing(name);
    context.events.emit('remote.updated', { name: remote.name });
    return reply.send(toJson(remote));
  });

  app.delete<ByName>('/api/v2/remotes/:name', ADMIN_OF_ONE, async (request, reply) => {
    const { name } = request.params;
    if (!(await repositories.deleteRemote(name))) throw missing(name);
    context.events.emit('remote.deleted', { name });
    return reply.code(204).send();
  });
}

const originOf = ({ base_url: url }: Pick<Remote, 'base_url'>): string => (isUrl(url) ? new URL(url).origin : url);

/** A remote or local by its name, or a 404. */
export async function existingRemote(context: Context, name: string): Promise<Remote> {
  const remote = await context.store.repositories.remote(name);
  if (!remote) throw missing(name);
  return remote;
}

/** A list as Go writes it: null when it is empty. */
export function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length > 0 ? list : null;
}

function missing(name: string): HttpError {
  return new HttpError(404, `remote ${JSON.stringify(name)} not found`);
}

/** What a client may see of a remote: all of it, for secrets become nothing in JSON. */
function toJson(remote: Remote): Record<string, unknown> {
  return Object.fromEntries(Object.entries(remote).map(([key, value]) => [key, Array.isArray(value) ? orNull(value) : value]));
}
