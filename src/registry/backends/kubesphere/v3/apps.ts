import { type FastifyInstance } from 'fastify';
import { HttpError } from '../../../errors';
import { sendJson } from '../answers';
import { type KsContext } from '../context';
import { addRoutes, scoped } from '../routes';
import { type HelmApp, type HelmRepo } from './model';
import { conditionsOf, pageOf } from '../conditions';
import { showApp, showVersion } from './shown';

interface Found {
  readonly repo: HelmRepo;
  readonly app: HelmApp;
}

/** Applications, to be read: `/kapis/openpitrix.io/v1[/workspaces/{workspace}]/apps`, of one repository by the condition `repo_id`. */
export function apps(app: FastifyInstance, { cluster }: KsContext): void {
  const known = (): Found[] =>
    cluster.helmRepos.cachedList().flatMap((repo) => (repo.status.apps ?? []).map((each) => ({ repo, app: each })));
  const find = (id = ''): Found => {
    const found = known().find((each) => each.app.id === id);
    if (!found) throw new HttpError(500, `helmapplication.application.kubesphere.io ${JSON.stringify(id)} not found`);
    return found;
  };
  addRoutes(app, scoped('/kapis/openpitrix.io/v1'), {
    '/apps': {
      GET: (request, reply) => {
        const conditions = conditionsOf(request);
        const id = conditions.get('repo_id') ?? '';
        // What is in no repository is in an object store, which this server has none of.
        if (id === '' || id === 'repo-helm') return sendJson(reply, { items: [], total_count: 0 });
        const repo = cluster.helmRepos.cached(id);
        if (!repo?.status.apps) throw new HttpError(500, 'load repo info failed');
        const keyword = (conditions.get('keyword') ?? '').toLowerCase();
        const states = (conditions.get('status') ?? 'active').split('|');
        const all = states.includes('active') ? repo.status.apps : [];
        const listed = all.filter(({ name }) => name.toLowerCase().includes(keyword)).sort(oldestFirst);
        return sendJson(
          reply,
          pageOf(request, listed, (each) => showApp(each, repo)),
        );
      },
    },
    '/apps/:app': {
      GET: (request, reply) => {
        const found = find(request.params.app);
        return sendJson(reply, showApp(found.app, found.repo));
      },
    },
    '/apps/:app/versions': {
      GET: (request, reply) => {
        const found = known().find((each) => each.app.id === request.params.app);
        // From old to new; the index has the newest first.
        const versions = [...(found?.app.versions ?? [])].reverse();
        return sendJson(
          reply,
          pageOf(request, versions, (version) => (found ? showVersion(version, { app: found.app, metadata: found.repo.metadata }) : {})),
        );
      },
    },
  });
}

function oldestFirst(one: HelmApp, other: HelmApp): number {
  const [left, right] = [one, other].map(({ created, name }) => `${created} ${name}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
