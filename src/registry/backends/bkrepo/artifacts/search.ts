import { Cut, type PageOf, type Rows, sortedPage, type Window } from '../../../store/pages';
import { authorize, isAllowed } from '../authorize';
import { systemError } from '../parameter-checks';
import { type BkContext } from '../context';
import { page, type Page, type PageWindow } from '../envelope';
import { type Principal } from '../principal';
import { problem } from '../problem';
import { keyOf, liveRepository } from '../tables';
import { type Candidate, matches, projectOf, type QueryModel, selected, orderOf, valuesOf } from './query';

/** A search and its caller. */
export interface Searcher {
  readonly principal: Principal;
  readonly model: QueryModel;
}

/** The repositories of a search that the caller may read: one named alone must be readable, of several the others are left out, unless none remains. */
export async function readableRepositories(
  context: BkContext,
  { principal, model }: Searcher,
): Promise<{ project: string; repos: string[] }> {
  const project = projectOf(model.rule);
  const named = valuesOf(model.rule, 'repoName');
  if (named && !['EQ', 'IN', 'NIN'].includes(named.operation)) throw problem('PARAMETER_INVALID', 'Parameter repoName is invalid');
  // Across all repositories of a project, whatever their type, only those may search who manage it.
  if (!named && !valuesOf(model.rule, 'repoType')) await authorize(context, principal, { action: 'MANAGE', project });
  const all = named && named.operation !== 'NIN' ? named.values : (await context.bk.repositories.within(project)).map(({ name }) => name);
  const repos: string[] = [];
  for (const name of new Set(all)) {
    const repository = await liveRepository(context.bk, project, name);
    const wish = { action: 'READ', project, repository } as const;
    if (repository && (await isAllowed(context, principal, wish))) repos.push(name);
    else if (named?.operation === 'EQ') throw repository ? problem('ACCESS_DENIED', 'Access denied') : missing(project, name);
  }
  if (repos.length === 0) await authorize(context, principal, { action: 'READ', project });
  return { project, repos };
}

/** The page of a search. */
export function windowOf(model: QueryModel): PageWindow & Window {
  const { pageNumber, pageSize } = model.page ?? { pageNumber: 1, pageSize: 20 };
  if (pageSize <= 0) throw systemError();
  const number = Math.max(1, pageNumber);
  return { pageNumber: number, pageSize, offset: (number - 1) * pageSize, limit: pageSize };
}

/** What a search answers with the results of its page. */
export function resultPage({ rows, total }: PageOf<Candidate>, model: QueryModel): Page<Candidate> {
  return page(
    rows.map((result) => selected(result, model.select)),
    windowOf(model),
    total,
  );
}

/** The page that a search asks for, out of everything that it could concern. */
export async function pageAmong(candidates: Rows<Candidate>, model: QueryModel): Promise<PageOf<Candidate>> {
  const matching = async function* () {
    for await (const batch of candidates()) yield batch.filter((each) => matches(model.rule, each));
  };
  if (model.sort) return sortedPage(matching, windowOf(model), orderOf(model.sort));
  const cut = new Cut<Candidate>(windowOf(model));
  for await (const batch of matching()) for (const each of batch) cut.add(each);
  return cut;
}

function missing(project: string, name: string) {
  return problem('REPOSITORY_NOT_FOUND', `Repository [${keyOf(project, name)}] not found`);
}
