import { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import { requireAdmin } from './authorize';
import { queryOf, readJson } from './body';
import { invalid } from './parameter-checks';
import { type BkContext } from './context';
import { ok } from './envelope';
import { type StorageCredential } from './model';
import { principalOf } from './principal';
import { problem } from './problem';
import { REFUSED_BY_DEFAULT } from './storage-key';

const BASE_PATH = '/repository/api/storage/credentials';
/** The type of the server's own storage, which all storage has to be of. */
const OWN_TYPE = 'filesystem';
const SECRET = /secret|password/i;

const createBody = z.object({
  key: z.string(),
  region: z.string(),
  credentials: z.looseObject({
    type: z.enum(['filesystem', 'innercos', 'hdfs']),
    notAllowRepoTypes: z.array(z.string()).default(() => []),
  }),
});

/** `/repository/api/storage/credentials`: the keys that repositories may name, for admins. */
export function storageCredentials(app: FastifyInstance, { bk }: BkContext): void {
  app.post(BASE_PATH, async (request, reply) => {
    requireAdmin(principalOf(request));
    const { key, region, credentials } = await readJson(request, createBody);
    if (key.trim() === '') throw invalid('key');
    if (credentials.type !== OWN_TYPE) throw invalid('type');
    const document: StorageCredential = { key, region, credentials, notAllowRepoTypes: credentials.notAllowRepoTypes };
    if (!(await bk.storageCredentials.insert({ id: key }, document))) throw problem('RESOURCE_EXISTED', `Resource ${key} existed`);
    return reply.send(ok(shown(document)));
  });

  app.get(BASE_PATH, async (request, reply) => {
    requireAdmin(principalOf(request));
    const region = queryOf(request, 'region');
    const all = await bk.storageCredentials.all();
    return reply.send(ok(all.filter((each) => region === undefined || each.region === region).map(shown)));
  });

  app.get(`${BASE_PATH}/default`, async (request, reply) => {
    requireAdmin(principalOf(request));
    return reply.send(ok({ key: null, type: OWN_TYPE, monitor: null, allowRepoTypes: null, notAllowRepoTypes: REFUSED_BY_DEFAULT }));
  });
}

/** What a client sees: everything but the region, and secrets as stars. */
function shown({ key, credentials }: StorageCredential): Record<string, unknown> {
  const masked = Object.entries(credentials).map(([name, value]) => [name, SECRET.test(name) && value ? '*' : value]);
  return { key, ...Object.fromEntries(masked) };
}
