import { type FastifyInstance } from 'fastify';
import { HttpError } from '../../errors';
import { sendJson, SUCCESS } from './answers';
import { principalOf } from './auth/principal';
import { type WorkspaceSpec, type WorkspaceTemplate } from './cluster';
import { type KsContext } from './context';
import { readEntity } from './entity';
import { type Struct } from './go/json-decode';
import { listResult } from './list-query';
import { type Metadata } from './objects';
import { addRoutes, type Handler, type Routes } from './routes';
import { showMetadata } from './v4/shown';
import { objectProblem } from './v4/validate';

/** What clients send of a workspace. */
interface WorkspaceBody {
  readonly metadata?: { readonly name?: string; readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec?: WorkspaceSpec;
}

/** What stands at a path: workspaces, or the templates they are made of, and in which version. */
interface Shape {
  readonly kind: 'WorkspaceTemplate' | 'Workspace';
  readonly version: string;
}

const GROUP = 'tenant.kubesphere.io';
/** By path below the group. */
const PATHS: Readonly<Record<'openpitrix' | 'application', Readonly<Record<string, Shape>>>> = {
  openpitrix: {
    // There, what is called a workspace is a template.
    'v1alpha2/workspaces': { kind: 'WorkspaceTemplate', version: 'v1alpha2' },
    'v1alpha3/workspacetemplates': { kind: 'WorkspaceTemplate', version: 'v1alpha2' },
    'v1alpha3/workspaces': { kind: 'Workspace', version: 'v1alpha1' },
  },
  application: {
    'v1beta1/workspacetemplates': { kind: 'WorkspaceTemplate', version: 'v1beta1' },
    'v1beta1/workspaces': { kind: 'Workspace', version: 'v1beta1' },
  },
};
const texts = { map: 'string' } as const;
const body: Struct = {
  struct: 'v1beta1.WorkspaceTemplate',
  fields: { metadata: { struct: 'v1.ObjectMeta', fields: { name: 'string', labels: texts, annotations: texts } }, spec: 'any' },
};

/** Workspaces and the templates they are made of; a workspace is there as soon as its template is. */
export function tenants(app: FastifyInstance, context: KsContext): void {
  for (const [path, shape] of Object.entries(PATHS[context.generation.api])) {
    const reads = readsOf(context, shape);
    const isTemplate = shape.kind === 'WorkspaceTemplate';
    addRoutes(app, [`/kapis/${GROUP}/${path}`], {
      '': { ...reads[''], ...(isTemplate && { POST: create(context) }) },
      '/:workspace': { ...reads['/:workspace'], ...(isTemplate && { DELETE: remove(context) }) },
    });
  }
}

function readsOf({ cluster: { workspaces }, generation }: KsContext, { kind, version }: Shape): Routes {
  const show = (workspace: WorkspaceTemplate) => ({ kind, apiVersion: `${GROUP}/${version}`, ...fieldsOf(workspace, kind) });
  return {
    '': {
      GET: (request, reply) => {
        const { isAdmin, roles = {} } = principalOf(request);
        const seen = workspaces.cachedList().filter(({ metadata }) => isAdmin || Object.hasOwn(roles, metadata.name));
        const list = listResult(request, seen, { show });
        return sendJson(reply, { ...list, items: list.items ?? [] });
      },
    },
    '/:workspace': {
      GET: (request, reply) => {
        const { workspace = '' } = request.params;
        const known = workspaces.cached(workspace);
        if (!known) throw workspaces.notCached(workspace, generation.api === 'openpitrix' ? kind.toLowerCase() : kind);
        return sendJson(reply, show(known));
      },
    },
  };
}

function create({ cluster: { workspaces }, generation: { workspaceFinalizer: finalizer } }: KsContext): Handler {
  return async (request, reply) => {
    const { metadata = {}, spec = {} } = await readEntity<WorkspaceBody>(request, body).catch(refuse);
    const { name = '' } = metadata;
    const problem = objectProblem(`WorkspaceTemplate.${GROUP}`, name);
    if (problem !== undefined) throw new HttpError(400, problem);
    const made = await workspaces
      .create({ metadata: { ...metadata, name, ...(finalizer !== undefined && { finalizers: [finalizer] }) }, spec, status: {} })
      .catch(refuse);
    // The answer is what the API server said, before the controller came.
    return sendJson(reply, fieldsOf({ ...made, metadata: withoutFinalizers(made.metadata) }, 'WorkspaceTemplate'));
  };
}

function remove({ cluster: { workspaces }, generation }: KsContext): Handler {
  return async (request, reply) => {
    const { workspace = '' } = request.params;
    if (generation.deletesByBody) {
      await readEntity(request, 'any').catch(refuse);
      if (!workspaces.cached(workspace)) refuse(new Error(`failed to get workspace template: ${workspaces.notCached(workspace).message}`));
    }
    // Version 3 asks the API server itself, which has other words.
    if (generation.api === 'application' && !workspaces.cached(workspace)) throw workspaces.notCached(workspace);
    await workspaces.remove(workspace);
    return sendJson(reply, SUCCESS);
  };
}

function refuse(cause: Error): never {
  throw new HttpError(400, cause.message);
}

function fieldsOf({ metadata, spec }: WorkspaceTemplate, kind: Shape['kind']) {
  const { template = {}, placement = {} } = spec;
  if (kind === 'WorkspaceTemplate') {
    return { metadata: showMetadata(metadata), spec: { template: { metadata: {}, spec: {}, ...template }, placement } };
  }
  return { metadata: showMetadata(withoutFinalizers(metadata)), spec: template.spec ?? {}, status: {} };
}

function withoutFinalizers({ finalizers: _own, ...metadata }: Metadata): Metadata {
  return metadata;
}
