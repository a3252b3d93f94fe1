import * as z from 'zod';
import { isAllowed } from '../authorize';
import { systemError } from '../parameter-checks';
import { type BkContext } from '../context';
import { type Repository } from '../model';
import { HttpError } from '../../../errors';
import { UpstreamError } from '../../../proxy/upstream-error';
import { type Principal } from '../principal';
import { cacheOf, type Source, sourcesOf } from '../sources';
import { keyOf, liveRepository } from '../tables';
import { type Node, type NodeKey } from './node';
import { Nodes } from './nodes';
import { ROOT } from './paths';
import { type ArrivingFile, fetchFrom, headFrom, isFresh } from './upstream';

/** A node, or a file that is arriving, and the repository whose settings apply. */
export type Located = { readonly repository: Repository } & (
  { readonly node: Node; readonly stale?: true } | { readonly arriving: ArrivingFile | Omit<ArrivingFile, 'open'> }
);

/** What is looked for. */
export interface Search {
  readonly repository: Repository;
  readonly path: string;
  readonly principal: Principal;
  /** Whether the repository is looked at as a member of a virtual one. */
  readonly isMember?: boolean;
  /** Whether upstreams are asked: for content, for headers, or not at all. */
  readonly upstream: 'content' | 'headers' | 'never';
}

const virtualSchema = z.object({ repositoryList: z.array(z.object({ projectId: z.string(), name: z.string() })).catch([]) });

/** Finds a path in a repository of any category. */
export async function locate(context: BkContext, search: Search): Promise<Located | undefined> {
  return find(context, search, new Set());
}

async function find(context: BkContext, search: Search, visited: Set<string>): Promise<Located | undefined> {
  const { repository } = search;
  visited.add(keyOf(repository.projectId, repository.name));
  if (repository.category === 'VIRTUAL' && search.path !== ROOT) return inMembers(context, search, visited);
  // A real server looks for a member's own files in the virtual repository, where there are none.
  const node = search.isMember && context.strict ? undefined : await new Nodes(context.store.metadata).find(placeIn(search));
  if (node && (node.folder || isUsable(context, repository, node))) return { repository, node };
  if (search.path === ROOT) return node && { repository, node };
  try {
    const arriving = await fromUpstreams(context, search);
    return arriving ? { repository, arriving } : node && { repository, node };
  } catch (cause) {
    // An old copy is better than none when the upstream does not answer.
    if (node && cause instanceof UpstreamError) return { repository, node, stale: true };
    // As a member it must not be passed over; by itself it says that it has nothing, unless its only upstream was not reached.
    if (!(cause instanceof UpstreamError) || visited.size > 1) throw cause;
    if (repository.category === 'REMOTE' && cause.upstreamStatus === undefined) throw systemError();
    return undefined;
  }
}

/** Asks the members in order; those the caller may not read are skipped, one that fails ends the search. */
async function inMembers(context: BkContext, search: Search, visited: Set<string>): Promise<Located | undefined> {
  for await (const repository of readableMembers(context, search.repository, search)) {
    if (visited.has(keyOf(repository.projectId, repository.name))) continue;
    const located = await find(context, { ...search, repository, isMember: true }, visited).catch((cause: unknown) =>
      failed(repository, cause),
    );
    if (located) return located;
  }
  return undefined;
}

/** Whatever an upstream answered, to the caller it is the member that failed. */
function failed({ name }: Repository, cause: unknown): never {
  if (!(cause instanceof UpstreamError)) throw cause;
  throw new HttpError(502, `Member [${name}] failed: ${cause.message}`, cause.headers);
}

/** The existing members of a virtual repository that the caller may read (a path of them, if given), in order. */
export async function* readableMembers(
  context: BkContext,
  virtual: Repository,
  { principal, path }: { readonly principal: Principal; readonly path?: string },
): AsyncGenerator<Repository, void> {
  for (const { projectId, name } of membersOf(virtual)) {
    const repository = await liveRepository(context.bk, projectId, name);
    const wish = { action: 'READ', project: projectId, ...(path !== undefined && { path }) } as const;
    if (repository && (await isAllowed(context, principal, { ...wish, repository }))) yield repository;
  }
}

/** What a virtual repository names as its members, whether it is there or not. */
export function membersOf({ configuration }: Repository): readonly { projectId: string; name: string }[] {
  return virtualSchema.parse({ repositoryList: configuration['repositoryList'] ?? [] }).repositoryList;
}

function isUsable({ store }: BkContext, repository: Repository, node: Node): boolean {
  if (repository.category !== 'REMOTE') return true;
  const { enabled, expiration } = cacheOf(repository);
  return enabled && isFresh(node, expiration, store.metadata.now());
}

async function fromUpstreams(context: BkContext, search: Search): Promise<ArrivingFile | Omit<ArrivingFile, 'open'> | undefined> {
  const { repository, upstream, principal } = search;
  if (upstream === 'never') return undefined;
  const ask = upstream === 'content' ? fetchFrom : headFrom;
  const fetch = (source: Source) => ask(context, { repository, source, place: placeIn(search), by: principal.userId });
  for (const source of await sourcesOf(context.bk, repository)) {
    const arriving = await fetch(source);
    if (arriving) return arriving;
  }
  return undefined;
}

function placeIn({ repository, path }: Search): NodeKey {
  return { project: repository.projectId, repo: repository.name, path };
}
