import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { CHANGES_NOTHING } from '../../access/need';
import * as z from 'zod';
import { isUrl } from '../../../common/urls';
import { Upstream } from '../../proxy/upstream';
import { Secret } from '../../store/secret';
import { type Stored } from '../../store/documents';
import { authorize, isAllowed, requireAdmin } from './authorize';
import { queryOf, readJson, requiredQuery } from './body';
import { type BkContext } from './context';
import { ok } from './envelope';
import { type ProxyChannel } from './model';
import { principalOf } from './principal';
import { keyOf } from './tables';
import { type ByRepository } from './repositories';

const BASE_PATH = '/repository/api/proxy-channel';
const PROBE_TIMEOUT_MS = 5000;

const probeBody = z.object({ url: z.string(), type: z.string(), userName: z.string().nullish(), password: z.string().nullish() });

/**
 * `/repository/api/proxy-channel`: the upstreams of composite repositories, for those who may manage the repository. A real server asks for
 * no permission, and tells everybody the passwords.
 */
export function proxyChannels(app: FastifyInstance, context: BkContext): void {
  const { bk } = context;
  app.get<ByRepository>(`${BASE_PATH}/:project/:name`, async (request, reply) => {
    await requireManager(context, request);
    const type = requiredQuery(request, 'repoType').toUpperCase();
    const name = queryOf(request, 'name') ?? '';
    const channel = await bk.channels.get(keyOf(request.params.project, request.params.name, name));
    return reply.send(ok(channel?.repoType === type ? channelInfo(channel, channel.password) : null));
  });

  app.get<{ Params: ByRepository['Params'] & { type: string } }>(`${BASE_PATH}/:type/:project/:name`, async (request, reply) => {
    await requireManager(context, request);
    const { type, project, name } = request.params;
    const channels = (await bk.channels.within(keyOf(project, name))).filter(({ repoType }) => repoType === type.toUpperCase());
    const shown = channels.map(async (channel) =>
      channelInfo(channel, channel.password ? await context.passwordKeys.encrypt(channel.password) : ''),
    );
    return reply.send(ok(await Promise.all(shown)));
  });

  app.post(`${BASE_PATH}/check`, CHANGES_NOTHING, async (request, reply) => {
    await requireSomeManager(context, request);
    const { url, type } = await readJson(request, probeBody);
    return reply.send(ok(type === 'HELM' && (await hasIndex(context, url))));
  });
}

/** Lets only those pass who may see the passwords of a repository anyway. */
async function requireManager(context: BkContext, request: FastifyRequest<ByRepository>): Promise<void> {
  if (context.strict) return;
  const { project, name } = request.params;
  await authorize(context, principalOf(request), { action: 'MANAGE', project, repository: name });
}

/** Lets only those pass who manage some project: they may have the server ask any upstream anyway. */
async function requireSomeManager(context: BkContext, request: FastifyRequest): Promise<void> {
  if (context.strict) return;
  const principal = principalOf(request);
  for (const { name: project } of principal.admin ? [] : await context.bk.projects.all()) {
    if (await isAllowed(context, principal, { action: 'MANAGE', project, repository: undefined })) return;
  }
  requireAdmin(principal);
}

/** What a client sees of a channel; with the password, for the real server shows it. */
function channelInfo(channel: Stored<ProxyChannel>, password: string | null): Record<string, unknown> {
  const { oid: id, projectId, repoName, public: isPublic, name, url, repoType, credentialKey, username } = channel;
  const told = { id, projectId, repoName, public: isPublic, name, url, repoType, credentialKey, username, password };
  return { ...told, lastSyncStatus: null, lastSyncDate: null };
}

async function hasIndex({ reach }: BkContext, url: string): Promise<boolean> {
  const index = `${url.replace(/\/+$/, '')}/index.yaml`;
  if (!isUrl(index) || !/^https?:/i.test(index)) return false;
  const upstream = new Upstream({ reach });
  const timer = setTimeout(() => upstream.close(), PROBE_TIMEOUT_MS);
  const remote = { name: url, base_url: url, username: '', password: new Secret(''), updated_at: '' };
  try {
    const answer = await upstream.send({ remote, url: index, method: 'GET', accept: '*/*', admit: () => undefined });
    return answer.status >= 200 && answer.status < 300;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    upstream.close();
  }
}
