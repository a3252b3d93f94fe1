import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { HttpError } from '../../../errors';
import { sendJson, SUCCESS } from '../answers';
import { type KsContext } from '../context';
import { queryOf, readEntity } from '../entity';
import { type Struct } from '../go/json-decode';
import { GoError } from '../go/json-parse';
import { formatUrl, type GoUrl, parseUrl } from '../go/url';
import { type Credential } from '../index/load';
import { listResult } from '../list-query';
import { ALIAS_ANNOTATION, shorten, SYSTEM_WORKSPACE, WORKSPACE_LABEL, workspaceOf } from '../objects';
import { addRoutes, type Handler, scoped } from '../routes';
import { API_VERSION, type Repo } from './model';
import { managedFields, showEvent, showRepo } from './shown';
import { repoProblem } from './validate';

/** What clients send of a repository. */
interface RepoBody {
  readonly metadata?: { readonly name?: string; readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec?: { readonly url?: string; readonly credential?: Credential; readonly description?: string; readonly syncPeriod?: number };
}

const texts = { map: 'string' } as const;
const credential: Struct = {
  struct: 'v2.RepoCredential',
  fields: {
    username: 'string',
    password: 'string',
    certFile: 'string',
    keyFile: 'string',
    caFile: 'string',
    insecureSkipTLSVerify: 'bool',
  },
};
const body: Struct = {
  struct: 'v2.Repo',
  fields: {
    kind: 'string',
    apiVersion: 'string',
    metadata: { struct: 'v1.ObjectMeta', fields: { name: 'string', generateName: 'string', labels: texts, annotations: texts } },
    spec: { struct: 'v2.RepoSpec', fields: { url: 'string', credential, description: 'string', syncPeriod: 'int' } },
  },
};
const BASE = '/kapis/application.kubesphere.io/v2';
const MAX_DESCRIPTION = 512;

type OfRepo = FastifyRequest<{ Params: Readonly<Record<string, string>> }>;

/** Application repositories of version 4: `/kapis/application.kubesphere.io/v2[/workspaces/{workspace}]/repos`. */
export function repos(app: FastifyInstance, context: KsContext): void {
  const { cluster, generation } = context;
  const { nullLists } = generation;
  const show = (repo: Repo) => showRepo(generation, repo);
  addRoutes(app, scoped(BASE), {
    '/repos': {
      GET: (request, reply) => {
        // The path without a workspace is about repositories of none.
        const seen = [SYSTEM_WORKSPACE, request.params.workspace ?? ''];
        const visible = cluster.repos.cachedList().filter((repo) => seen.includes(workspaceOf(repo)));
        return sendJson(reply, listResult(request, visible, { show, nullLists }));
      },
      POST: async (request, reply) => sendJson(reply, await save(context, request)),
    },
    '/repos/:repo': {
      GET: (request, reply) => sendJson(reply, show(found(context, request))),
      PATCH: async (request, reply) => sendJson(reply, await save(context, request)),
      DELETE: async (request, reply) => {
        await cluster.repos.remove(request.params.repo ?? '');
        return sendJson(reply, SUCCESS);
      },
    },
  });
  beneath(app, context);
}

/** What a repository has below it. */
function beneath(app: FastifyInstance, context: KsContext): void {
  const { cluster, generation } = context;
  const unchecked: Handler = async (request, reply) => {
    await storeUnchecked(context, request);
    return reply.code(200).send();
  };
  addRoutes(app, scoped(BASE), {
    '/repos/:repo/events': {
      GET: (request, reply) => {
        const events = cluster.events.cachedList().filter(({ spec }) => spec.repo === request.params.repo);
        const list = listResult(request, events, { show: showEvent });
        return sendJson(reply, { ...list, items: list.items ?? [] });
      },
    },
    ...(generation.hasAction && {
      '/repos/:repo/action': {
        POST: async (request: OfRepo, reply) => {
          const repo = found(context, request);
          await passing(context);
          await cluster.repos.update({ ...repo, status: { ...repo.status, state: 'manualTrigger' } });
          return sendJson(reply, SUCCESS);
        },
      },
    }),
    '/repos/:repo/*': {
      GET: (request, reply) => {
        const repo = found(context, request);
        const { kind, apiVersion, metadata, ...rest } = showRepo(generation, repo);
        return sendJson(reply, { kind, apiVersion, metadata: { ...metadata, managedFields: managedFields(repo, API_VERSION) }, ...rest });
      },
      POST: unchecked,
      PATCH: unchecked,
      DELETE: async (request, reply) => {
        await cluster.repos.remove(request.params.repo ?? '');
        return reply.code(200).send();
      },
    },
  });
}

function found({ cluster: { repos: kind } }: KsContext, request: OfRepo): Repo {
  const { repo = '' } = request.params;
  const known = kind.cached(repo);
  if (!known) throw kind.notCached(repo);
  return known;
}

/** Makes or replaces a repository, or only tries its URL. Nothing is merged: what the body leaves out is emptied. */
async function save(context: KsContext, request: OfRepo): Promise<object> {
  const { cluster, generation } = context;
  const { metadata = {}, spec = {} } = await readEntity<RepoBody>(request, body);
  if (metadata.name === 'upload') throw new HttpError(400, 'repo name upload is not allowed');
  const existing = request.params.repo;
  const name = existing ?? metadata.name ?? '';
  const url = parseUrl(spec.url ?? '');
  const login = loginOf(url);
  // The credential of the body counts for this look only; what is stored is the one in the URL.
  await context.loader.load(spec.url ?? '', { ...spec.credential, ...login });
  if (queryOf(request, 'validate') !== '') return { ok: true };

  const known = cluster.repos.cached(name);
  if (existing === undefined && known) throw new HttpError(409, `Repo ${name} already exists`);
  if (existing !== undefined && !known) throw new HttpError(500, cluster.repos.notCached(name).message);
  const workspace = metadata.labels?.[WORKSPACE_LABEL] ?? '';
  await passing(context);
  const problem = repoProblem(generation, { name, workspace, syncPeriod: spec.syncPeriod });
  if (problem !== undefined) throw new GoError(problem);
  const fields: Repo['spec'] = {
    url: formatUrl(url),
    credential: login,
    ...(spec.description && { description: shorten(spec.description, MAX_DESCRIPTION) }),
    ...(spec.syncPeriod !== undefined && { syncPeriod: spec.syncPeriod }),
  };
  const labels = { ...known?.metadata.labels, [WORKSPACE_LABEL]: workspace };
  const annotations = { ...known?.metadata.annotations, [ALIAS_ANNOTATION]: metadata.annotations?.[ALIAS_ANNOTATION] ?? '' };
  if (known) await cluster.repos.update({ ...known, metadata: { ...known.metadata, labels, annotations }, spec: fields });
  else await cluster.repos.create({ metadata: { name, labels, annotations }, spec: fields, status: { lastUpdateTime: null } });
  return { repo_id: name };
}

/** What answers below a repository where no route does takes whole objects, and asks nothing of their URL. */
async function storeUnchecked({ cluster, generation }: KsContext, request: OfRepo): Promise<void> {
  const {
    kind,
    apiVersion,
    metadata = {},
    spec = {},
  } = await readEntity<RepoBody & { kind?: string; apiVersion?: string }>(request, body).catch((cause: Error) => {
    throw cause.message === 'EOF' ? new GoError('unexpected end of JSON input') : cause;
  });
  if (kind !== 'Repo' || apiVersion !== API_VERSION) throw new HttpError(400, 'wrong resource GroupVersionKind');
  const { name = '', labels, annotations } = metadata;
  const problem = repoProblem(generation, { name, workspace: labels?.[WORKSPACE_LABEL] ?? '', syncPeriod: spec.syncPeriod });
  if (problem !== undefined) throw new GoError(problem);
  const { url = '', credential: login = {}, ...rest } = spec;
  await cluster.repos.create({
    metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec: { url, credential: login, ...rest },
    status: { lastUpdateTime: null },
  });
}

function loginOf({ user }: GoUrl): Credential {
  return user ? { ...(user.username !== '' && { username: user.username }), ...(user.password && { password: user.password }) } : {};
}

/** The way from the server to the cluster, in which others may come first. */
async function passing({ cluster }: KsContext): Promise<void> {
  await sleep(cluster.lag ? cluster.lag.ms / 10 : 0);
}
