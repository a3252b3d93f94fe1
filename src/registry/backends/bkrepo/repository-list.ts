import { type FastifyRequest } from 'fastify';
import { type Stored } from '../../store/documents';
import { booleanQuery, queryOf } from './body';
import { type BkContext } from './context';
import { isProjectManager, listedFor } from './grants';
import { type Repository } from './model';
import { principalOf } from './principal';
import { existingUser } from './user-fields';

/** The repositories of a project that a caller may see, newest first, as the query of the request narrows them down. */
export async function listRepositories({ bk }: BkContext, request: FastifyRequest, project: string): Promise<Stored<Repository>[]> {
  const user = await existingUser(bk, principalOf(request).userId);
  const isListed = await listedFor(bk, user, project);
  const prefix = queryOf(request, 'name')?.toLowerCase() ?? '';
  const live = (await bk.repositories.within(project)).filter(({ deleted }) => deleted === null).reverse();
  const seen = live.filter((each) => isListed(each) && each.name.toLowerCase().startsWith(prefix));
  const wanted = filterOf(request, user.admin || (await isProjectManager(bk, user, project)), user.userId);
  // One may be named that is shown whatever else the query says.
  const found = seen.filter(wanted);
  return [...found, ...seen.filter((each) => each.name === queryOf(request, 'include') && !found.includes(each))];
}

/** The filter of a query; managers of the project also see hidden entries, whatever they ask for. */
function filterOf(request: FastifyRequest, manages: boolean, userId: string): (repository: Repository) => boolean {
  const type = queryOf(request, 'type')?.toUpperCase();
  const category = queryOf(request, 'category')?.toUpperCase();
  const display = booleanQuery(request, 'display') ?? true;
  return (repository) =>
    (!type || type === repository.type) &&
    (!category || category === repository.category) &&
    (manages || repository.display === display) &&
    ((repository.visibility ?? 'PROJECT') === 'PROJECT' || (repository.visibility === 'PERSONAL' && repository.owner === userId));
}
