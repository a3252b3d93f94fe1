import { type FastifyInstance } from 'fastify';
import { demand } from '../../access/guard';
import { readable } from '../../access/principal';
import { readBody } from '../../body';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { type Remote, type Virtual } from '../../store/repositories';
import { type ByName, virtualBody } from './fields';
import { ADMIN_OF_ONE, ADMIN_OF_SOME, OF_ONE, OF_READABLE } from './needs';
import { orNull } from './remotes';

/** `/api/v2/virtuals`: virtual repositories. */
export function virtuals(app: FastifyInstance, context: Context): void {
  const { repositories } = context.store;

  app.get('/api/v2/virtuals', OF_READABLE, async (request, reply) => {
    const mayRead = readable(request);
    return reply.send(orNull((await repositories.virtuals()).filter(({ name }) => mayRead(name)).map(toJson)));
  });

  app.post('/api/v2/virtuals', ADMIN_OF_SOME, async (request, reply) => {
    const body = await readBody(request, virtualBody);
    if (body.name === undefined) throw new HttpError(400, 'invalid body: name: is required');
    demand(request, 'admin', body.name);
    await checkMembers(context, body, readable(request));
    const now = new Date().toISOString();
    const virtual: Virtual = { ...body, name: body.name, created_at: now, updated_at: now };
    if (!(await repositories.createVirtual(virtual))) throw new HttpError(409, `repository ${JSON.stringify(virtual.name)} already exists`);
    context.events.emit('virtual.created', { name: virtual.name });
    return reply.code(201).send(toJson(virtual));
  });

  app.get<ByName>('/api/v2/virtuals/:name', OF_ONE, async (request, reply) => reply.send(toJson(await existing(request.params.name))));

  app.put<ByName>('/api/v2/virtuals/:name', ADMIN_OF_ONE, async (request, reply) => {
    const body = await readBody(request, virtualBody);
    const old = await existing(request.params.name);
    if (body.name !== undefined && body.name !== old.name) throw new HttpError(400, 'invalid body: name: cannot be changed');
    const mayRead = readable(request);
    await checkMembers(context, body, (name) => old.members.includes(name) || mayRead(name));
    const virtual: Virtual = { ...body, name: old.name, created_at: old.created_at, updated_at: new Date().toISOString() };
    if (!(await repositories.replaceVirtual(virtual))) throw missing(virtual.name);
    context.events.emit('virtual.updated', { name: virtual.name });
    return reply.send(toJson(virtual));
  });

  app.delete<ByName>('/api/v2/virtuals/:name', ADMIN_OF_ONE, async (request, reply) => {
    const { name } = request.params;
    if (!(await repositories.deleteVirtual(name))) throw missing(name);
    context.events.emit('virtual.deleted', { name });
    return reply.code(204).send();
  });

  async function existing(name: string): Promise<Virtual> {
    const virtual = await repositories.virtual(name);
    if (!virtual) throw missing(name);
    return virtual;
  }
}

function missing(name: string): HttpError {
  return new HttpError(404, `virtual ${JSON.stringify(name)} not found`);
}

/** Who may not read a repository does not learn from an error that it exists. */
async function checkMembers(
  context: Context,
  body: { package_type: string; members: readonly string[] },
  mayRead: (name: string) => boolean,
): Promise<void> {
  for (const [index, name] of body.members.entries()) {
    const where = `invalid body: members.${index}: ${JSON.stringify(name)}`;
    if (body.members.indexOf(name) !== index) throw new HttpError(400, `${where} is repeated`);
    const member = await context.store.repositories.remote(name);
    if (!member || !mayRead(name)) throw new HttpError(400, `${where} is not a remote or local repository`);
    if (member.package_type !== body.package_type) {
      throw new HttpError(400, `${where} has package type ${member.package_type}, not ${body.package_type}`);
    }
  }
}

function toJson(virtual: Virtual): Record<string, unknown> {
  return { ...virtual, members: orNull(virtual.members) };
}

/** The members of a virtual, in order. A missing one is an error: its packages must not come from the others. */
export async function membersOf(context: Context, virtual: Virtual): Promise<Remote[]> {
  return Promise.all(
    virtual.members.map(async (name) => {
      const member = await context.store.repositories.remote(name);
      if (member?.package_type === virtual.package_type) return member;
      const wrong = member ? `has package type ${member.package_type}` : 'does not exist';
      throw new HttpError(502, `member ${JSON.stringify(name)} of virtual ${JSON.stringify(virtual.name)} ${wrong}`);
    }),
  );
}
