import { type FastifyInstance } from 'fastify';
import { HttpError } from '../../errors';
import { sendJson, SUCCESS } from './answers';
import { principalOf } from './auth/principal';
import { type WorkspaceTemplate } from './cluster';
import { type KsContext } from './context';
import { readEntity } from './entity';
import { type Struct } from './go/json-decode';
import { listResult } from './list-query';
import { addRoutes, type Routes } from './routes';
import { showMetadata } from './v4/shown';

const body: Struct = {
  struct: 'v1beta1.WorkspaceTemplate',
  fields: {
    metadata: { struct: 'v1.ObjectMeta', fields: { name: 'string', labels: { map: 'string' }, annotations: { map: 'string' } } },
    spec: 'any',
  },
};

/** Workspaces and the templates they are made of; here a workspace is there as soon as its template is. */
export function tenants(app: FastifyInstance, context: KsContext): void {
  const { tenantApi, workspaces } = context.cluster;
  const base = `/kapis/${tenantApi}`;
  addRoutes(app, [base], {
    ...readers(context, 'workspacetemplates', 'WorkspaceTemplate'),
    ...readers(context, 'workspaces', 'Workspace'),
  });

  function readers({ cluster }: KsContext, plural: string, kind: string): Routes {
    const show = (workspace: WorkspaceTemplate) => showWorkspace(workspace, { kind, apiVersion: tenantApi });
    const isTemplate = kind === 'WorkspaceTemplate';
    return {
      [`/${plural}`]: {
        GET: (request, reply) => {
          const { isAdmin, roles = {} } = principalOf(request);
          const seen = cluster.workspaces.cachedList().filter(({ metadata }) => isAdmin || Object.hasOwn(roles, metadata.name));
          const list = listResult(request, seen, show);
          return sendJson(reply, { ...list, items: list.items ?? [] });
        },
        ...(isTemplate && {
          POST: async (request, reply) => {
            const { metadata = {} } = await readEntity<Partial<WorkspaceTemplate>>(request, body);
            const { name = '' } = metadata as { name?: string };
            const made = await cluster.workspaces
              .create({ metadata: { ...metadata, name }, spec: { manager: principalOf(request).name }, status: {} })
              .catch((cause: Error) => {
                throw new HttpError(400, cause.message);
              });
            return sendJson(reply, show(made));
          },
        }),
      },
      [`/${plural}/:workspace`]: {
        GET: (request, reply) => {
          const { workspace = '' } = request.params;
          const known = workspaces.cached(workspace);
          if (!known) throw cluster.workspaces.notCached(workspace, kind);
          return sendJson(reply, show(known));
        },
        ...(isTemplate && {
          DELETE: async (request, reply) => {
            await cluster.workspaces.remove(request.params.workspace ?? '');
            return sendJson(reply, SUCCESS);
          },
        }),
      },
    };
  }
}

function showWorkspace({ metadata, spec }: WorkspaceTemplate, head: { readonly kind: string; readonly apiVersion: string }) {
  const { manager } = spec;
  const own = { ...(manager !== undefined && { manager }) };
  const isTemplate = head.kind === 'WorkspaceTemplate';
  return {
    ...head,
    metadata: showMetadata(metadata),
    spec: isTemplate ? { template: { metadata: {}, spec: own }, placement: {} } : own,
    ...(!isTemplate && { status: {} }),
  };
}
