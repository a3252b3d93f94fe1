import { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import { existingRepository, isAllowed } from '../authorize';
import { queryOf, readJson, requiredQuery } from '../body';
import { type BkContext } from '../context';
import { ok } from '../envelope';
import { principalOf } from '../principal';
import { problem } from '../problem';
import { download } from './download';
import { clientAddress } from './interceptors';
import { Nodes } from './nodes';
import { nodeNotFound, placeOf, target } from './target';
import { checkShareEnabled } from './temporary';
import { makerOf } from './token-use';
import { describedToken, Tokens } from './tokens';

/** The number of slashes before the path of `/repository/api/share/{project}/{repository}/{path}`. */
const SLASHES = 6;
const URL = '/repository/api/share/:project/:repo/*';

const shareBody = z.object({
  authorizedUserList: z.array(z.string()).default([]),
  authorizedIpList: z.array(z.string()).default([]),
  expireSeconds: z.number().int().default(0),
});

/** `/repository/api/share/{project}/{repository}/{path}`: links to files. */
export function share(app: FastifyInstance, context: BkContext): void {
  const tokens = new Tokens(context.store.metadata);

  app.post(URL, async (request) => {
    const { place, principal } = await target(context, request, { slashes: SLASHES, action: 'WRITE' });
    const body = await readJson(request, shareBody);
    await checkShareEnabled(context, place.project);
    const node = await new Nodes(context.store.metadata).find(place);
    if (!node || node.folder) throw nodeNotFound(place.path, 404);
    const { authorizedUserList: users, authorizedIpList: ips, expireSeconds } = body;
    const token = await tokens.create({ place, users, ips, expireSeconds, permits: null, type: 'DOWNLOAD', by: principal.userId });
    const { permits: _permits, type: _type, ...described } = describedToken(token);
    const path = place.path.split('/').map(encodeURIComponent).join('/');
    const shareUrl = `/api/share/${place.project}/${place.repo}${path}?token=${token.token}`;
    return ok({ ...described, shareUrl, createdBy: principal.userId });
  });

  app.route({
    method: ['GET', 'HEAD'],
    url: URL,
    handler: async (request, reply) => {
      const place = placeOf(request, SLASHES);
      const token = await tokens.find(requiredQuery(request, 'token'));
      // A temporary token is kept like one of a share, but lets upload, or counts how often it is used.
      const isShare = token?.type === 'DOWNLOAD' && token.permits === null;
      const fits = isShare && token.project === place.project && token.repo === place.repo && token.full_path === place.path;
      if (!token || !fits) throw problem('TEMPORARY_TOKEN_INVALID', 'Temporary token is invalid');
      const sender = principalOf(request);
      // Only platform accounts, which act for others, may name another user.
      const user = (sender.admin || sender.platform ? queryOf(request, 'userId') : undefined) ?? sender.userId;
      if (token.users.length > 0 && !token.users.includes(user)) throw problem('ACCESS_DENIED', 'unauthorized');
      if (token.ips.length > 0 && !token.ips.includes(clientAddress(request))) throw problem('ACCESS_DENIED', 'unauthorized');
      if (token.expires_at !== 0 && token.expires_at < context.store.metadata.now())
        throw problem('TEMPORARY_TOKEN_EXPIRED', 'Temporary token has expired');
      const repository = await existingRepository(context, place.project, place.repo);
      const maker = await makerOf(context, token);
      if (!(await isAllowed(context, maker, { action: 'READ', project: place.project, repository, path: place.path })))
        throw problem('ACCESS_DENIED', 'Access denied');
      return download(context, { request, reply }, { place, repository, principal: sender.anonymous ? maker : sender });
    },
  });
}
