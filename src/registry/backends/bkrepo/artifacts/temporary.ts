import { type FastifyInstance, type FastifyRequest } from 'fastify';
import * as z from 'zod';
import { readJson, requiredQuery } from '../body';
import { invalid } from '../parameter-checks';
import { type BkContext } from '../context';
import { ok } from '../envelope';
import { userOf } from '../principal';
import { problem } from '../problem';
import { existingProject } from '../projects';
import { publicRoot } from '../root';
import { download } from './download';
import { normalizePath } from './paths';
import { admitted } from './target';
import { tokenUser } from './token-use';
import { describedToken, type Token, TOKEN_TYPES, Tokens } from './tokens';
import { upload } from './upload';

const DAY_SECONDS = 86_400;
/** The number of slashes before the path of `/generic/temporary/download/{project}/{repository}/{path}`. */
const SLASHES = 6;

const tokenBody = z.object({
  projectId: z.string(),
  repoName: z.string(),
  fullPathSet: z.array(z.string()),
  authorizedUserSet: z.array(z.string()).default([]),
  authorizedIpSet: z.array(z.string()).default([]),
  expireSeconds: z.number().int().default(DAY_SECONDS),
  permits: z.number().int().nullish(),
  type: z.enum(TOKEN_TYPES),
  host: z.string().nullish(),
});
type TokenBody = z.infer<typeof tokenBody>;

/** `/generic/temporary`: tokens and URLs that open a path for a while, and their use. */
export function temporary(app: FastifyInstance, context: BkContext): void {
  app.post('/generic/temporary/token/create', async (request) => {
    const body = await readJson(request, tokenBody);
    await checkShareEnabled(context, body.projectId);
    const tokens = await createTokens(context, request, body);
    return ok(tokens.map((token) => ({ ...describedToken(token), token: token.token })));
  });

  app.post('/generic/temporary/url/create', async (request) => {
    const body = await readJson(request, tokenBody);
    const { projectId: project, repoName: repo } = body;
    for (const path of pathsOf(body)) await admitted(context, request, { place: { project, repo, path }, action: 'WRITE' });
    await checkShareEnabled(context, project);
    // The type says what the URL begins with, so that it must be one of the two.
    if (body.type !== 'UPLOAD' && body.type !== 'DOWNLOAD') throw invalid('type');
    const tokens = await createTokens(context, request, body);
    const root = (body.host || publicRoot(context, request)).replace(/\/+$/, '');
    return ok(tokens.map((token) => ({ ...describedToken(token), url: urlOf(root, token) })));
  });

  for (const use of ['download', 'share']) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/generic/temporary/${use}/:project/:repo/*`,
      handler: async (request, reply) => {
        requiredQuery(request, 'token');
        return tokenUser(context, request)({ type: 'DOWNLOAD', slashes: SLASHES }, (at) => download(context, { request, reply }, at));
      },
    });
  }

  app.put('/generic/temporary/upload/:project/:repo/*', async (request, reply) => {
    requiredQuery(request, 'token');
    return tokenUser(context, request)({ type: 'UPLOAD', slashes: SLASHES }, (at) => upload(context, { request, reply }, at));
  });
}

/** Throws 251037 when sharing is switched off in a project. */
export async function checkShareEnabled(context: BkContext, name: string): Promise<void> {
  const { metadata } = await existingProject(context, name);
  const isOff = metadata.some(({ key, value }) => key === 'enableShareArtifact' && value === false);
  if (isOff) throw problem('SHARE_DISABLED', `Share feature is disabled for project [${name}]`);
}

/** Creates a token for each path; the permissions of its creator are checked when it is used. */
async function createTokens(context: BkContext, request: FastifyRequest, body: TokenBody): Promise<Token[]> {
  const { userId: by } = userOf(request);
  const { projectId: project, repoName: repo, permits = null, type, expireSeconds } = body;
  if (permits !== null && permits <= 0) throw invalid('permits');
  const tokens = new Tokens(context.store.metadata);
  const common = { users: body.authorizedUserSet, ips: body.authorizedIpSet, expireSeconds, permits, type, by };
  const created: Token[] = [];
  for (const path of pathsOf(body)) created.push(await tokens.create({ place: { project, repo, path }, ...common }));
  return created;
}

function pathsOf({ fullPathSet }: TokenBody): readonly string[] {
  return [...new Set(fullPathSet.map(normalizePath))];
}

function urlOf(root: string, { project, repo, full_path, type, token }: Token): string {
  const path = full_path.split('/').map(encodeURIComponent).join('/');
  return `${root}/generic/temporary/${type === 'UPLOAD' ? 'upload' : 'download'}/${project}/${repo}${path}?token=${token}`;
}
