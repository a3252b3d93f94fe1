import { type FastifyInstance } from 'fastify';
import { type Context } from '../../context';
import { HttpError } from '../../errors';
import { formatOf } from '../../formats';
import { sendDocument, sendText } from '../../reply';
import { type ByName } from './fields';

const WRITES = ['PUT', 'DELETE'];

/** `PUT` and `DELETE` below `/api/v1/{remote,virtual}/{name}`: tells who publishes into the wrong repository which one takes it. */
export function v1Refuse(app: FastifyInstance, { store, strict }: Context): void {
  const refuse = (
    kind: 'remote' | 'virtual',
    find: (name: string) => Promise<{ package_type: string; members?: readonly string[] } | undefined>,
  ) =>
    app.route<ByName>({
      method: WRITES,
      url: `/api/v1/${kind}/:name/*`,
      handler: async (request, reply) => {
        const { name } = request.params;
        const found = strict ? undefined : await find(name);
        if (!found) throw new HttpError(404, '404 page not found');
        const instead = found.members ? `its local members: ${found.members.join(', ') || 'none'}` : 'a local repository';
        const reason = `repository ${JSON.stringify(name)} is ${kind} and takes no changes; publish into ${instead}`;
        const { problem } = formatOf(found.package_type);
        if (problem) return sendDocument(request, reply, { ...problem(reason), status: 405 });
        return sendText(reply, 405, reason);
      },
    });

  refuse('remote', (name) => store.repositories.remote(name));
  refuse('virtual', async (name) => {
    const virtual = await store.repositories.virtual(name);
    if (!virtual) return undefined;
    const members = await Promise.all(virtual.members.map((member) => store.repositories.remote(member)));
    return { ...virtual, members: members.flatMap((member) => (member?.repo_type === 'local' ? [member.name] : [])) };
  });
}
