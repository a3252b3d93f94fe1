import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Stored } from '../../store/documents';
import { type Action, authorize, existingRepository } from './authorize';
import { booleanQuery, readJson, requiredQuery, wholeNumber } from './body';
import { syncChannels } from './channels';
import { invalid, systemError } from './parameter-checks';
import { checkChannels, checkConfiguration } from './configuration';
import { type BkContext } from './context';
import { ok, pageFrom } from './envelope';
import { type Repository } from './model';
import { principalOf } from './principal';
import { problem } from './problem';
import { createRepository } from './repository-create';
import { checkDescription, repositoryDetail, repositoryInfo, updateRepositoryBody } from './repository-fields';
import { listRepositories } from './repository-list';
import { gitRoot } from './root';
import { forgetLost, sourcesOf } from './sources';
import { keyOf, liveRepository, timestamp } from './tables';

/** The route of a repository. */
export type ByRepository = { Params: { project: string; name: string } };

const BASE_PATH = '/repository/api/repo';

/** `/repository/api/repo`: repositories. */
export function repositories(app: FastifyInstance, context: BkContext): void {
  reads(app, context);
  lists(app, context);
  quotas(app, context);
  for (const path of [BASE_PATH, `${BASE_PATH}/create`]) {
    app.post(path, async (request, reply) => {
      return reply.send(ok(repositoryDetail(await createRepository(context, request), gitRoot(context, request))));
    });
  }

  app.post<ByRepository>(`${BASE_PATH}/update/:project/:name`, async (request, reply) => {
    const repository = await allowed(context, request, 'MANAGE');
    const body = await readJson(request, updateRepositoryBody);
    checkDescription(body.description);
    if (body.configuration) {
      if (body.configuration.type !== repository.configuration.type) throw invalid('configuration type');
      checkConfiguration(body.configuration, repository.category);
      checkChannels(body.configuration);
    }
    const { configuration } = body;
    await change(context, request, {
      display: body.display,
      ...(body.public != null && { public: body.public }),
      ...(body.description != null && { description: body.description }),
      ...(body.displayName != null && { displayName: body.displayName }),
      ...(configuration && { configuration }),
    });
    return reply.send(ok());
  });

  app.delete<ByRepository>(`${BASE_PATH}/delete/:project/:name`, async (request, reply) => {
    const repository = await allowed(context, request, 'DELETE');
    const forced = booleanQuery(request, 'forced') ?? false;
    const { userId } = principalOf(request);
    for (const each of context.contents) {
      if (forced || !(await each.hasArtifacts(repository))) continue;
      throw problem('REPOSITORY_CONTAINS_ARTIFACT', 'Repository is not empty');
    }
    for (const each of context.contents) await each.clear(repository, userId);
    await remove(context, repository);
    return reply.send(ok());
  });
}

function reads(app: FastifyInstance, context: BkContext): void {
  app.get<ByRepository>(`${BASE_PATH}/info/:project/:name`, async (request, reply) => {
    const repository = await allowed(context, request, 'READ');
    return reply.send(ok(repositoryInfo(repository, gitRoot(context, request))));
  });

  app.get<{ Params: ByRepository['Params'] & { type: string } }>(`${BASE_PATH}/info/:project/:name/:type`, async (request, reply) => {
    const repository = await allowed(context, request, 'READ');
    const isOfType = repository.type === request.params.type.toUpperCase();
    return reply.send(ok(isOfType ? repositoryInfo(repository, gitRoot(context, request)) : null));
  });

  app.get<ByRepository>(`${BASE_PATH}/exist/:project/:name`, async (request, reply) => {
    const { project, name } = request.params;
    await authorize(context, principalOf(request), { action: 'READ', project });
    return reply.send(ok((await liveRepository(context.bk, project, name)) !== undefined));
  });
}

function lists(app: FastifyInstance, context: BkContext): void {
  const listed = async (request: FastifyRequest, project: string) => {
    const root = gitRoot(context, request);
    return (await listRepositories(context, request, project)).map((repository) => repositoryInfo(repository, root));
  };
  app.get<ByRepository>(`${BASE_PATH}/list/:project`, async (request, reply) =>
    reply.send(ok(await listed(request, request.params.project))),
  );
  app.get<{ Params: { project: string; number: string; size: string } }>(
    `${BASE_PATH}/page/:project/:number/:size`,
    async (request, reply) => {
      const { project, number, size } = request.params;
      const window = { pageNumber: Math.max(1, wholeNumber(number)), pageSize: wholeNumber(size) };
      if (window.pageSize < 0) throw systemError();
      return reply.send(ok(pageFrom(await listed(request, project), window)));
    },
  );
}

function quotas(app: FastifyInstance, context: BkContext): void {
  app.get<ByRepository>(`${BASE_PATH}/quota/:project/:name`, async (request, reply) => {
    const { quota, used } = await allowed(context, request, 'READ');
    return reply.send(ok({ quota, used }));
  });

  app.post<ByRepository>(`${BASE_PATH}/quota/:project/:name`, async (request, reply) => {
    const { used } = await allowed(context, request, 'MANAGE');
    const quota = wholeNumber(requiredQuery(request, 'quota'));
    if (quota < (used ?? 0)) throw invalid('quota');
    await change(context, request, { quota, display: true });
    return reply.send(ok());
  });
}

/** The repository of a request, when its sender may do something with it. */
async function allowed(context: BkContext, request: FastifyRequest<ByRepository>, action: Action): Promise<Stored<Repository>> {
  const { project, name } = request.params;
  await authorize(context, principalOf(request), { action, project, repository: name });
  return existingRepository(context, project, name);
}

/** Changes fields of the repository of a request, and its channels with its configuration. */
function change(context: BkContext, request: FastifyRequest<ByRepository>, fields: Partial<Repository>): Promise<void> {
  const id = keyOf(request.params.project, request.params.name);
  const audit = { lastModifiedBy: principalOf(request).userId, lastModifiedDate: timestamp() };
  return context.bk.atomically(async (tables) => {
    const repository = await tables.repositories.get(id);
    if (!repository) return;
    const sources = await sourcesOf(tables, repository);
    await tables.repositories.replace(id, { ...repository, ...fields, ...audit });
    if (!fields.configuration) return;
    await syncChannels(tables, repository, fields.configuration);
    await forgetLost(tables, repository, sources);
  });
}

/** Marks a repository as deleted; its name stays taken until the server cleans up. */
function remove(context: BkContext, { projectId, name }: Repository): Promise<void> {
  const id = keyOf(projectId, name);
  return context.bk.atomically(async (tables) => {
    const repository = await tables.repositories.get(id);
    if (!repository) return;
    const sources = await sourcesOf(tables, repository);
    await tables.repositories.replace(id, { ...repository, deleted: timestamp() });
    for (const channel of await tables.channels.within(id)) await tables.channels.remove(keyOf(id, channel.name));
    await forgetLost(tables, repository, sources);
  });
}
