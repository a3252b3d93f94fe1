import { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import { type Stored } from '../../store/documents';
import { requireProjectAdmin } from './auth-guards';
import { readJson, requiredQuery } from './body';
import { type BkContext } from './context';
import { ok } from './envelope';
import { type AccessMode } from './model';
import { keyOf, liveRepository } from './tables';

const BASE_PATH = '/auth/api/mode/repo';

const toggleBody = z.object({
  projectId: z.string(),
  repoName: z.string(),
  accessControlMode: z
    .enum(['STRICT', 'DEFAULT', 'DIR_CTRL'])
    .nullish()
    .transform((mode) => mode ?? 'DEFAULT'),
  officeDenyGroupSet: z.array(z.string()).default([]),
  bkiamv3Check: z.boolean().default(false),
});

/** `/auth/api/mode/repo`: whether the paths of a repository are guarded one by one. */
export function modes(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;

  app.get(`${BASE_PATH}/query`, async (request, reply) => {
    const projectId = requiredQuery(request, 'projectId');
    const repoName = requiredQuery(request, 'repoName');
    await requireProjectAdmin(context, request, projectId);
    return reply.send(ok(modeInfo(await modeOf(context, projectId, repoName))));
  });

  app.post(`${BASE_PATH}/toggle`, async (request, reply) => {
    const body = await readJson(request, toggleBody);
    const { projectId, repoName } = body;
    await requireProjectAdmin(context, request, projectId);
    const mode = await modeOf(context, projectId, repoName);
    const repository = await liveRepository(bk, projectId, repoName);
    // What anybody may read cannot be guarded, and the server says nothing about it.
    const changed = !repository || repository.public ? mode : { ...mode, ...body };
    await bk.modes.replace(keyOf(projectId, repoName), changed);
    return reply.send(ok(modeInfo(changed)));
  });
}

/** The mode of a repository; looking at it stores one, by which the paths are guarded when there is a permission on some. */
async function modeOf({ bk }: BkContext, projectId: string, repoName: string): Promise<Stored<AccessMode>> {
  const id = keyOf(projectId, repoName);
  const rows = await bk.permissions.within(projectId);
  const isOnPaths = rows.some(({ resourceType, repos }) => resourceType === 'NODE' && repos.includes(repoName));
  const accessControlMode = isOnPaths ? 'DIR_CTRL' : 'DEFAULT';
  const unset: AccessMode = { projectId, repoName, accessControlMode, officeDenyGroupSet: [], bkiamv3Check: false };
  return (await bk.modes.insert({ id, scope: projectId }, unset)) ?? (await bk.modes.get(id)) ?? { ...unset, oid: '' };
}

function modeInfo({ oid, accessControlMode, officeDenyGroupSet, bkiamv3Check }: Stored<AccessMode>): Record<string, unknown> {
  return { id: oid, accessControlMode, officeDenyGroupSet, bkiamv3Check };
}
