import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { rcompare, valid } from 'semver';
import { HttpError } from '../../../errors';
import { sendJson } from '../answers';
import { conditionsOf } from '../conditions';
import { type KsContext } from '../context';
import { queryOf } from '../entity';
import { type Kind } from '../kind';
import { listResult } from '../list-query';
import { type KubeObject, SYSTEM_WORKSPACE, workspaceOf } from '../objects';
import { addRoutes, scoped } from '../routes';
import { APP_LABEL } from './applications';
import { type ApplicationVersion } from './model';
import { showApp, showVersion } from './shown';

type Asked = FastifyRequest<{ Params: Readonly<Record<string, string>> }>;

/** Applications, to be read: `/kapis/application.kubesphere.io/v2[/workspaces/{workspace}]/apps`. */
export function apps(app: FastifyInstance, { cluster, generation: { nullLists } }: KsContext): void {
  addRoutes(app, scoped('/kapis/application.kubesphere.io/v2'), {
    '/apps': {
      GET: (request, reply) =>
        sendJson(reply, listResult(request, visible(request, cluster.apps.cachedList()), { show: showApp, nullLists })),
    },
    '/apps/:app': { GET: (request, reply) => sendJson(reply, showApp(found(cluster.apps, request.params.app))) },
    '/apps/:app/versions': {
      GET: (request, reply) => {
        const versions = cluster.versions.cachedList().filter(({ metadata }) => metadata.labels?.[APP_LABEL] === request.params.app);
        return sendJson(
          reply,
          listResult(request, visible(request, versions), { show: showVersion, nullLists, orders: { versionName: newestFirst } }),
        );
      },
    },
    '/apps/:app/versions/:version': {
      GET: (request, reply) => sendJson(reply, showVersion(found(cluster.versions, request.params.version))),
    },
  });
}

function newestFirst({ spec: one }: ApplicationVersion, { spec: other }: ApplicationVersion): number {
  const [left, right] = [one, other].map(({ versionName }) => valid(versionName, true));
  return left && right ? rcompare(left, right) : 0;
}

function found<T extends KubeObject>(kind: Kind<T>, name = ''): T {
  const object = kind.cached(name);
  if (!object) throw kind.notCached(name);
  return object;
}

/** What a list shows: of a workspace, if the path names one; with the labels and states that the query names. */
function visible<T extends KubeObject<unknown, { readonly state?: string }>>(request: Asked, objects: readonly T[]): T[] {
  const { workspace } = request.params;
  const selects = labelSelector(queryOf(request, 'labelSelector'));
  const states = conditionsOf(request).get('status') ?? '';
  return objects.filter(
    (object) =>
      selects(object.metadata.labels ?? {}) &&
      (states === '' || states.split('|').includes(object.status.state ?? '')) &&
      (workspace === undefined || [SYSTEM_WORKSPACE, workspace].includes(workspaceOf(object))),
  );
}

type Labels = Readonly<Record<string, string>>;

/** Reads a label selector: equalities, sets, and whether a label is there. */
function labelSelector(text: string): (labels: Labels) => boolean {
  const parts = text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter(Boolean);
  const tests = parts.map(requirement);
  return (labels) => tests.every((test) => test(labels));
}

function requirement(part: string): (labels: Labels) => boolean {
  const [, key = '', operator = '', value = ''] = /^([\w./-]+)\s*(==|=|!=|\bin\b|\bnotin\b)\s*(.*)$/s.exec(part) ?? [];
  if (operator === '') {
    const [, not = '', name = ''] = /^(!?)\s*([\w./-]+)$/.exec(part) ?? [];
    const [word = ''] = part.split(/\s+/).slice(1);
    if (name === '') throw new HttpError(400, `unable to parse requirement: found '${word}', expected: in, notin, =, ==, !=, gt, lt`);
    return (labels) => Object.hasOwn(labels, name) === (not === '');
  }
  const values = /in$/.test(operator)
    ? value
        .replace(/^\(|\)$/g, '')
        .split(',')
        .map((item) => item.trim())
    : [value];
  const isNegative = operator === '!=' || operator === 'notin';
  return (labels) => (Object.hasOwn(labels, key) && values.includes(labels[key] ?? '')) !== isNegative;
}
