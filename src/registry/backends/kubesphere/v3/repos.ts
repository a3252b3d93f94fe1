import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { HttpError } from '../../../errors';
import { sendJson, sendPlain, SUCCESS } from '../answers';
import { principalOf } from '../auth/principal';
import { type KsContext } from '../context';
import { isJson, isTrue, queryOf, readEntity } from '../entity';
import { type Struct } from '../go/json-decode';
import { listResult } from '../list-query';
import { CREATOR_ANNOTATION, shorten, timestamp, WORKSPACE_LABEL, workspaceOf } from '../objects';
import { addRoutes, scoped } from '../routes';
import { modified } from './changes';
import { FINALIZER } from './controller';
import { newId } from './ids';
import { type HelmRepo } from './model';
import { conditionsOf, pageOf } from '../conditions';
import { credentialOf, periodOf, requestFields, splitUrl, type RepoRequest } from './request';
import { PERIOD_ANNOTATION, showHelmRepo, showObject, showSync } from './shown';

type OfRepo = FastifyRequest<{ Params: Readonly<Record<string, string>> }>;

const MIN_PERIOD = 180;
const MAX_DESCRIPTION = 512;
const action: Struct = { struct: 'openpitrix.RepoActionRequest', fields: { action: 'string', workspace: 'string' } };

/** Application repositories of version 3: `/kapis/openpitrix.io/v1[/workspaces/{workspace}]/repos`. */
export function repos(app: FastifyInstance, context: KsContext): void {
  const { helmRepos } = context.cluster;
  const stored = (request: OfRepo): HelmRepo => {
    const { repo = '' } = request.params;
    const known = helmRepos.get(repo);
    if (!known) throw helmRepos.notFound(repo);
    return known;
  };
  addRoutes(app, scoped('/kapis/openpitrix.io/v1'), {
    '/repos': {
      GET: (request, reply) => sendJson(reply, pageOf(request, listed(context, request), showHelmRepo)),
      POST: async (request, reply) => sendJson(reply, await create(context, request)),
    },
    '/repos/:repo': {
      GET: (request, reply) => sendJson(reply, showHelmRepo(stored(request))),
      PATCH: async (request, reply) => {
        if (!isJson(request)) return sendPlain(reply, 415, '415: Unsupported Media Type');
        const body = await readEntity<RepoRequest>(request, requestFields('openpitrix.ModifyRepoRequest'));
        await helmRepos.update(await modified(context, stored(request), body));
        return sendJson(reply, SUCCESS);
      },
      DELETE: async (request, reply) => {
        await remove(context, request.params.repo ?? '');
        return sendJson(reply, SUCCESS);
      },
    },
    '/repos/:repo/events': {
      GET: (request, reply) => {
        const { repo = '' } = request.params;
        const known = helmRepos.get(repo);
        if (!known) throw new HttpError(500, helmRepos.notFound(repo).message);
        return sendJson(
          reply,
          pageOf(request, known.status.syncState ?? [], (state) => showSync(repo, state)),
        );
      },
    },
    '/repos/:repo/action': { POST: async (request, reply) => sendJson(reply, await act(context, request)) },
  });
  objects(app, context);
}

/** The same as objects, to be read: `/kapis/openpitrix.io/v2alpha1/workspaces/{workspace}/repos`. */
function objects(app: FastifyInstance, { cluster: { helmRepos } }: KsContext): void {
  addRoutes(app, ['/kapis/openpitrix.io/v2alpha1/workspaces/:workspace'], {
    '/repos': {
      GET: (request, reply) => {
        const { workspace } = request.params;
        const seen = helmRepos.cachedList().filter((repo) => workspaceOf(repo) === workspace);
        const list = listResult(request, seen, { show: (repo) => showObject(repo, false), nameOf: ({ spec }) => spec.name });
        return sendJson(reply, { ...list, items: list.items ?? [] });
      },
    },
    '/repos/:repo': {
      GET: (request, reply) => {
        const { repo = '' } = request.params;
        const known = helmRepos.cached(repo);
        if (!known) throw helmRepos.notCached(repo, 'helmrepo');
        return sendJson(reply, showObject(known, true));
      },
    },
  });
}

function listed({ cluster }: KsContext, request: OfRepo): HelmRepo[] {
  const conditions = conditionsOf(request);
  const workspace = request.params.workspace ?? conditions.get('workspace') ?? '';
  const keyword = (conditions.get('keyword') ?? '').toLowerCase();
  return cluster.helmRepos
    .cachedList()
    .filter((repo) => workspaceOf(repo) === workspace && repo.spec.name.toLowerCase().includes(keyword))
    .sort(oldestFirst);
}

function oldestFirst(one: HelmRepo, other: HelmRepo): number {
  const [left, right] = [one, other].map(({ metadata, spec }) => `${metadata.creationTimestamp} ${spec.name}`);
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}

async function create(context: KsContext, request: OfRepo): Promise<object> {
  const body = await readEntity<RepoRequest>(request, requestFields('openpitrix.CreateRepoRequest'));
  const { name = '', url = '', description = '' } = body;
  const workspace = request.params.workspace ?? '';
  const { plainUrl, user } = splitUrl(url);
  const period = periodOf(body.sync_period ?? '');
  const syncPeriod = period > 0 ? Math.max(Math.trunc(period), MIN_PERIOD) : 0;
  const credential = credentialOf(url, user, body.credential ?? '');
  await context.loader.load(url, credential);
  if (isTrue(queryOf(request, 'validate'))) return { ok: true };
  if (name === '') throw new HttpError(400, 'repo name is empty');
  const { helmRepos } = context.cluster;
  if (helmRepos.cachedList().some((repo) => workspaceOf(repo) === workspace && repo.spec.name === name))
    throw new HttpError(500, 'repo exists');
  const annotations = {
    ...(syncPeriod > 0 && { [PERIOD_ANNOTATION]: body.sync_period ?? '' }),
    [CREATOR_ANNOTATION]: principalOf(request).name,
  };
  const made = await helmRepos
    .create({
      metadata: { name: newId('repo-'), labels: { [WORKSPACE_LABEL]: workspace }, annotations },
      spec: {
        name,
        url: plainUrl,
        credential,
        ...(description && { description: shorten(description, MAX_DESCRIPTION) }),
        ...(syncPeriod > 0 && { syncPeriod }),
      },
      status: {},
    })
    .catch((cause: Error) => {
      throw new HttpError(500, cause.message);
    });
  return { repo_id: made.metadata.name };
}

/** What the body asks for is not looked at; in a foreign workspace nothing happens, and nothing is said of it. */
async function act({ cluster }: KsContext, request: OfRepo): Promise<object> {
  await readEntity(request, action);
  const { repo = '', workspace = '' } = request.params;
  const known = cluster.helmRepos.cached(repo);
  if (!known) throw new HttpError(500, cluster.helmRepos.notCached(repo, 'helmrepo').message);
  const { spec } = known;
  const current = cluster.helmRepos.get(repo);
  if (current && workspaceOf(known) === workspace) {
    await cluster.helmRepos.update({ ...current, spec: { ...current.spec, version: (spec.version ?? 0) + 1 } });
  }
  return SUCCESS;
}

/** A repository that the controller has seen stays until the controller lets go of it. */
async function remove({ cluster: { helmRepos } }: KsContext, name: string): Promise<void> {
  const known = helmRepos.get(name);
  if (!known) return;
  if (!known.metadata.finalizers?.includes(FINALIZER)) return helmRepos.remove(name);
  await helmRepos.update({ ...known, metadata: { ...known.metadata, deletionTimestamp: timestamp() } });
}
