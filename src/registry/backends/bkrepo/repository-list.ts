import { type FastifyRequest } from 'fastify';
import { type Stored } from '../../store/documents';
import { judgeOf } from './authorize';
import { booleanQuery, queryOf } from './body';
import { type BkContext } from './context';
import { type Repository } from './model';
import { type Principal, principalOf } from './principal';

/** The repositories of a project that a caller may see, newest first, as the query of the request narrows them down. */
export async function listRepositories(context: BkContext, request: FastifyRequest, project: string): Promise<Stored<Repository>[]> {
  const principal = principalOf(request);
  const isWanted = filterOf(request, principal);
  const all = (await context.bk.repositories.within(project)).filter(({ deleted }) => deleted === null).filter(isWanted);
  const isAllowed = await judgeOf(context, principal, project);
  return all.reverse().filter((repository) => isAllowed({ action: 'READ', project, repository }, 'DEFAULT'));
}

function filterOf(request: FastifyRequest, { admin, userId }: Principal): (repository: Repository) => boolean {
  const prefix = queryOf(request, 'name')?.toLowerCase() ?? '';
  const types = upperCased(queryOf(request, 'type'));
  const categories = upperCased(queryOf(request, 'category'));
  const display = booleanQuery(request, 'display') ?? (admin ? undefined : true);
  return (repository) =>
    repository.name.toLowerCase().startsWith(prefix) &&
    (types === undefined || types.includes(repository.type)) &&
    (categories === undefined || categories.includes(repository.category)) &&
    (display === undefined || repository.display === display) &&
    repository.visibility !== 'SYSTEM' &&
    (repository.visibility !== 'PERSONAL' || repository.owner === userId);
}

function upperCased(list: string | undefined): string[] | undefined {
  return list ? list.toUpperCase().split(',') : undefined;
}
