import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Stored } from '../../store/documents';
import { authorize, requireAdmin } from './authorize';
import { booleanQuery, queryOf, readJson, requiredQuery, windowOf } from './body';
import { checkStorageKey, invalid } from './parameter-checks';
import { type BkContext } from './context';
import { grantCreator } from './creator';
import { ok, page } from './envelope';
import { type Project } from './model';
import { principalOf, userOf } from './principal';
import { type BkProblem, problem } from './problem';
import {
  checkDisplayName,
  checkProjectName,
  createProjectBody,
  isHidden,
  projectInfo,
  switchOf,
  updateProjectBody,
  withSwitch,
} from './project-fields';
import { checkNames, listProjects, NAMELESS } from './project-list';
import { timestamp } from './tables';

type ByProject = { Params: { name: string } };

const BASE_PATH = '/repository/api/project';
const SWITCHES = { enabled: 'enabled', 'share/enabled': 'enableShareArtifact' } as const;

/** `/repository/api/project`: projects, which can be created, changed and disabled, but never deleted. */
export function projects(app: FastifyInstance, context: BkContext): void {
  app.post(`${BASE_PATH}/create`, async (request, reply) => reply.send(ok(await create(context, request))));
  app.post(BASE_PATH, async (request, reply) => {
    if (!principalOf(request).platform) throw problem('ACCESS_DENIED', 'Access denied');
    return reply.send(ok(await create(context, request)));
  });

  app.put<ByProject>(`${BASE_PATH}/:name`, async (request, reply) => {
    const { name } = request.params;
    await allow(context, request, name);
    const body = await readJson(request, updateProjectBody);
    await existingProject(context, name);
    if (body.displayName != null) checkDisplayName(body.displayName);
    await checkStorageKey(context, body.credentialsKey ?? null);
    const isDefault = body.credentialsKey == null && body.useDefaultCredentialsKey === true;
    const fields: Partial<Project> = {
      ...(body.displayName != null && { displayName: body.displayName }),
      ...(body.description != null && { description: body.description }),
      ...(body.metadata.length > 0 && { metadata: body.metadata }),
      ...(body.credentialsKey != null && { credentialsKey: body.credentialsKey }),
      ...(isDefault && { credentialsKey: null }),
    };
    const isEmpty = Object.keys(fields).length === 0;
    return reply.send(ok(isEmpty && context.strict ? await replaceByNothing(context, name) : await change(context, name, fields)));
  });

  app.get(`${BASE_PATH}/list`, async (request, reply) => reply.send(ok((await listProjects(context, request)).map(projectInfo))));
  searches(app, context);
  switches(app, context);
}

function allow(context: BkContext, request: FastifyRequest, project: string): Promise<void> {
  return authorize(context, principalOf(request), { action: 'UPDATE', project });
}

function searches(app: FastifyInstance, context: BkContext): void {
  const { projects: all } = context.bk;

  app.get(`${BASE_PATH}/search`, async (request, reply) => {
    requireAdmin(principalOf(request));
    const window = windowOf(request);
    const prefix = (queryOf(request, 'namePrefix') ?? '').toLowerCase();
    const found = (await all.all()).filter(({ name }) => name.toLowerCase().startsWith(prefix));
    checkNames(found);
    const start = (window.pageNumber - 1) * window.pageSize;
    return reply.send(ok(page(found.slice(start, start + window.pageSize).map(projectInfo), window)));
  });

  app.get<ByProject>(`${BASE_PATH}/exist/:name`, async (request, reply) => {
    userOf(request);
    return reply.send(ok((await all.get(request.params.name)) !== undefined));
  });

  app.get(`${BASE_PATH}/exist`, async (request, reply) => {
    const [name, displayName] = [queryOf(request, 'name'), queryOf(request, 'displayName')];
    const isTaken = (await all.all()).some((project) => project.name === name || project.displayName === displayName);
    return reply.send(ok(isTaken));
  });

  app.get<ByProject>(`${BASE_PATH}/metrics/:name`, async (request, reply) => {
    await authorize(context, principalOf(request), { action: 'READ', project: request.params.name });
    // A job of the server counts the metrics; before its first run there are none.
    return reply.send(ok());
  });
}

function switches(app: FastifyInstance, context: BkContext): void {
  app.get<ByProject>(`${BASE_PATH}/enabled/:name`, async (request, reply) => {
    return reply.send(ok(switchOf(await existingProject(context, request.params.name), SWITCHES.enabled)));
  });
  app.get<ByProject>(`${BASE_PATH}/:name/share/enabled`, async (request, reply) => {
    return reply.send(ok(switchOf(await existingProject(context, request.params.name), SWITCHES['share/enabled'])));
  });
  for (const [path, key] of Object.entries(SWITCHES)) {
    app.put<ByProject>(`${BASE_PATH}/:name/${path}`, async (request, reply) => {
      const { name } = request.params;
      await allow(context, request, name);
      requiredQuery(request, 'enabled');
      const { metadata } = await existingProject(context, name);
      const enabled = booleanQuery(request, 'enabled') ?? true;
      return reply.send(ok(await change(context, name, { metadata: withSwitch(metadata, key, enabled) })));
    });
  }
}

/** A project that is there. */
export async function existingProject({ bk }: BkContext, name: string): Promise<Stored<Project>> {
  const project = await bk.projects.get(name);
  if (!project) throw projectNotFound(name);
  return project;
}

function projectNotFound(name: string): BkProblem {
  return problem('PROJECT_NOT_FOUND', `Project [${name}] not found`);
}

async function create(context: BkContext, request: FastifyRequest): Promise<string> {
  const { userId } = userOf(request);
  const { createPermission, ...body } = await readJson(request, createProjectBody);
  checkProjectName(body.name);
  checkDisplayName(body.displayName);
  const tenantId = tenantOf(context, request);
  const name = tenantId === null ? body.name : `${tenantId}.${body.name}`;
  if (await context.bk.projects.get(name)) throw problem('PROJECT_EXISTED', `Project [${name}] existed`);
  const now = timestamp();
  const audit = { createdBy: userId, createdDate: now, lastModifiedBy: userId, lastModifiedDate: now };
  // The loser of a race has created nothing, but gets the name all the same.
  const added = await context.bk.projects.insert({ id: name }, { ...body, ...audit, name, tenantId });
  if (added && createPermission && !isHidden(name)) await grantCreator(context, userId, { project: name });
  return name;
}

function tenantOf({ settings }: BkContext, request: FastifyRequest): string | null {
  if (!settings.multiTenant) return null;
  const tenant = request.headers['x-bk-tenant-id'];
  if (typeof tenant !== 'string' || tenant === '') throw invalid('tenantId');
  return tenant;
}

/** Changes fields of a project and leaves who changed it when alone; returns whether anything changed. */
function change({ bk }: BkContext, name: string, fields: Partial<Project>): Promise<boolean> {
  return bk.atomically(async ({ projects: all }) => {
    const project = await all.get(name);
    if (!project) throw projectNotFound(name);
    const changed = { ...project, ...fields };
    if (JSON.stringify(changed) === JSON.stringify(project)) return false;
    return all.replace(name, changed);
  });
}

/** What a real server does with an update that sets nothing: the project is gone, and what is in its place breaks every list. */
function replaceByNothing({ bk }: BkContext, name: string): Promise<boolean> {
  return bk.atomically(async ({ projects: all }) => {
    const project = await all.get(name);
    if (!project) throw projectNotFound(name);
    await all.remove(name);
    await all.insert({ id: `${NAMELESS}/${name}` }, { ...project, name: NAMELESS, displayName: NAMELESS, metadata: [] });
    return true;
  });
}
