import { type FastifyInstance, type FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type Action, existingRepository } from '../authorize';
import { queryOf, readJson, requiredQuery, wholeNumber } from '../body';
import { systemError } from '../parameter-checks';
import { type BkContext } from '../context';
import { ok } from '../envelope';
import { principalOf } from '../principal';
import { problem } from '../problem';
import { Changes } from './changes';
import { type Node } from './node';
import { nodeReads } from './node-reads';
import { BASE, existingNode, SLASHES, urlsOf } from './node-urls';
import { Nodes } from './nodes';
import { normalizePath, ROOT } from './paths';
import { expiryOf } from './receive';
import { deletedPoint, restore, STRATEGIES, type Strategy } from './restore';
import { admitted, requireWritable, target, type Target } from './target';
import { rename, transfer } from './transfer';

const MAX_BATCH = 200;

const renameBody = z.object({ projectId: z.string(), repoName: z.string(), fullPath: z.string(), newFullPath: z.string() });
const transferBody = z.object({
  srcProjectId: z.string(),
  srcRepoName: z.string(),
  srcFullPath: z.string(),
  destProjectId: z.string().nullish(),
  destRepoName: z.string().nullish(),
  destFullPath: z.string(),
  overwrite: z.boolean().default(false),
});

/** `/repository/api/node`: files and folders as nodes. */
export function nodeApi(app: FastifyInstance, context: BkContext): void {
  nodeReads(app, context);
  writes(app, context);
  transfers(app, context);
  deletes(app, context);
}

function writes(app: FastifyInstance, context: BkContext): void {
  for (const url of urlsOf('mkdir')) {
    app.post(url, async (request) => {
      const at = await target(context, request, { slashes: SLASHES, action: 'WRITE' });
      await Changes.run(context, at.principal.userId, (changes) => changes.mkdir(at.place));
      return ok();
    });
  }

  app.post(`${BASE}/update/:project/:repo/*`, async (request) => {
    const { place } = await target(context, request, { slashes: SLASHES, action: 'UPDATE' });
    const { expires } = await readJson(request, z.object({ expires: z.number().int().default(0) }));
    await new Nodes(context.store.metadata).update(await existingNode(context, place), { expires_at: expiryOf(context, expires) });
    return ok();
  });

  app.get(`${BASE}/list-deleted/:project/:repo/*`, async (request) => {
    const { place } = await target(context, request, { slashes: SLASHES, action: 'READ' });
    return ok((await new Nodes(context.store.metadata).deleted(place)).map(deletedPoint));
  });

  app.post(`${BASE}/restore/:project/:repo/*`, async (request) => {
    const { place, principal } = await target(context, request, { slashes: SLASHES, action: 'WRITE' });
    const moment = wholeNumber(requiredQuery(request, 'deletedId'));
    const strategy = strategyOf(queryOf(request, 'conflictStrategy'));
    return ok(await Changes.run(context, principal.userId, (changes) => restore(changes, place, { moment, strategy })));
  });
}

function transfers(app: FastifyInstance, context: BkContext): void {
  app.post(`${BASE}/rename`, async (request) => {
    const body = await readJson(request, renameBody);
    const place = { project: body.projectId, repo: body.repoName, path: normalizePath(body.fullPath) };
    return renameTo(context, request, { at: await admitted(context, request, { place, action: 'UPDATE' }), path: body.newFullPath });
  });

  app.post(`${BASE}/rename/:project/:repo/*`, async (request) => {
    const at = await target(context, request, { slashes: SLASHES, action: 'UPDATE' });
    return renameTo(context, request, { at, path: requiredQuery(request, 'newFullPath') });
  });

  for (const name of ['move', 'copy']) {
    app.post(`${BASE}/${name}`, async (request) => {
      const body = await readJson(request, transferBody);
      const from = { project: body.srcProjectId, repo: body.srcRepoName, path: normalizePath(body.srcFullPath) };
      const [project, repo] = [body.destProjectId ?? from.project, body.destRepoName ?? from.repo];
      const to = { project, repo, path: normalizePath(body.destFullPath) };
      for (const place of [from, to]) {
        const { repository } = await admitted(context, request, { place, action: 'WRITE' });
        requireWritable(repository, 400);
      }
      const wish = { from, to, overwrite: body.overwrite, move: name === 'move' };
      await Changes.run(context, principalOf(request).userId, (changes) => transfer(changes, wish));
      return ok();
    });
  }
}

function deletes(app: FastifyInstance, context: BkContext): void {
  for (const url of urlsOf('delete')) {
    app.delete(url, async (request) => {
      const { place, principal } = await target(context, request, { slashes: SLASHES, action: 'DELETE' });
      refuseRoot(place.path);
      return ok(await Changes.run(context, principal.userId, (changes) => changes.remove([place])));
    });
  }

  app.delete<{ Params: { project: string; repo: string } }>(`${BASE}/batch/:project/:repo`, async (request) => {
    const { project, repo } = request.params;
    const { principal } = await inRepository(context, request, 'DELETE');
    const paths = (await readJson(request, z.array(z.string()))).map(normalizePath);
    if (paths.length > MAX_BATCH) throw problem('PARAMETER_VALIDATION_FAILED', `At most ${MAX_BATCH} paths are deleted at once`);
    if (paths.length === 0) throw problem('PARAMETER_EMPTY', 'Parameter fullPaths is empty');
    paths.forEach(refuseRoot);
    const places = paths.map((path) => ({ project, repo, path }));
    for (const place of places) await admitted(context, request, { place, action: 'DELETE' });
    return ok(await Changes.run(context, principal.userId, (changes) => changes.remove(places)));
  });

  for (const url of urlsOf('clean')) {
    app.delete(url, async (request) => {
      const { place, principal } = await target(context, request, { slashes: SLASHES, action: 'DELETE' });
      const before = Date.parse(`${requiredQuery(request, 'date').replace(/(Z|[+-]\d\d:?\d\d)$/, '')}Z`);
      if (Number.isNaN(before)) throw systemError();
      const isOld = ({ accessed_at, modified_at }: Node) => [accessed_at, modified_at].every((at) => Date.parse(`${at}Z`) < before);
      const clean = async (changes: Changes) => {
        const files = await changes.nodes.list(place, { deep: true, includeFolder: false });
        return changes.removeNodes(files.filter(isOld));
      };
      return ok(await Changes.run(context, principal.userId, clean));
    });
  }
}

async function renameTo(context: BkContext, request: FastifyRequest, { at, path }: { at: Target; path: string }) {
  const to = normalizePath(path);
  await admitted(context, request, { place: { ...at.place, path: to }, action: 'UPDATE' });
  await Changes.run(context, at.principal.userId, (changes) => rename(changes, at.place, to));
  return ok();
}

async function inRepository(context: BkContext, request: FastifyRequest, action: Action): Promise<Target> {
  const { project, repo } = request.params as { project: string; repo: string };
  await existingRepository(context, project, repo);
  return admitted(context, request, { place: { project, repo, path: ROOT }, action });
}

function refuseRoot(path: string): void {
  if (path === ROOT) throw problem('METHOD_NOT_ALLOWED', "Method not allowed, reason: Can't delete root node.", 400);
}

function strategyOf(text = 'SKIP'): Strategy {
  const strategy = STRATEGIES.find((each) => each === text);
  if (!strategy) throw systemError();
  return strategy;
}
