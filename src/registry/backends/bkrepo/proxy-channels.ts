import { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Stored } from '../../store/documents';
import { queryOf, readJson, requiredQuery } from './body';
import { type BkContext } from './context';
import { ok } from './envelope';
import { type ProxyChannel } from './model';
import { encrypt } from './rsa';
import { keyOf } from './tables';
import { type ByRepository } from './repositories';

const BASE_PATH = '/repository/api/proxy-channel';
const PROBE_TIMEOUT_MS = 5000;

const probeBody = z.object({ url: z.string(), type: z.string(), userName: z.string().nullish(), password: z.string().nullish() });

/** `/repository/api/proxy-channel`: the upstreams of composite repositories; reads need no permission. */
export function proxyChannels(app: FastifyInstance, { bk }: BkContext): void {
  app.get<ByRepository>(`${BASE_PATH}/:project/:name`, async (request, reply) => {
    const type = requiredQuery(request, 'repoType').toUpperCase();
    const name = queryOf(request, 'name') ?? '';
    const channel = await bk.channels.get(keyOf(request.params.project, request.params.name, name));
    return reply.send(ok(channel?.repoType === type ? channelInfo(channel, channel.password) : null));
  });

  app.get<{ Params: ByRepository['Params'] & { type: string } }>(`${BASE_PATH}/:type/:project/:name`, async (request, reply) => {
    const { type, project, name } = request.params;
    const channels = (await bk.channels.within(keyOf(project, name))).filter(({ repoType }) => repoType === type.toUpperCase());
    return reply.send(ok(channels.map((channel) => channelInfo(channel, channel.password ? encrypt(channel.password) : ''))));
  });

  app.post(`${BASE_PATH}/check`, async (request, reply) => {
    const { url, type } = await readJson(request, probeBody);
    return reply.send(ok(type === 'HELM' && (await hasIndex(url))));
  });
}

/** What a client sees of a channel; with the password, for the real server shows it. */
function channelInfo(channel: Stored<ProxyChannel>, password: string | null): Record<string, unknown> {
  const { oid: id, projectId, repoName, public: isPublic, name, url, repoType, credentialKey, username } = channel;
  const told = { id, projectId, repoName, public: isPublic, name, url, repoType, credentialKey, username, password };
  return { ...told, lastSyncStatus: null, lastSyncDate: null };
}

async function hasIndex(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url.replace(/\/+$/, '')}/index.yaml`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
