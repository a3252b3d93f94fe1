import { type BkContext } from '../context';
import { guardOf, managesProject, rightsOf } from '../grants';
import { type Permission, type Repository } from '../model';
import { type Principal } from '../principal';
import { isWithin } from './paths';

/** The reader of a repository. */
export interface Viewer {
  readonly repository: Repository;
  readonly principal: Principal;
}

/**
 * Which paths somebody sees in the lists of a repository, which is not the same as what may be read; undefined for all. In STRICT
 * mode they are those that a permission includes, with the folders on the way; in the others, also in DEFAULT, all but those that
 * are excluded, or included for others alone.
 */
export async function visibility({ bk }: BkContext, viewer: Viewer): Promise<((path: string) => boolean) | undefined> {
  const { principal, repository } = viewer;
  const { projectId, name } = repository;
  const isStrict = (await guardOf(bk, projectId, name)) === 'STRICT';
  const user = principal.anonymous ? undefined : await bk.users.get(principal.userId);
  if (!user) return isStrict ? () => false : undefined;
  const rights = await rightsOf(bk, user, projectId);
  if (user.admin || managesProject(rights)) return undefined;
  const onPaths = ({ resourceType, repos }: Permission): boolean => resourceType === 'NODE' && repos.includes(name);
  const held = rights.held.filter(onPaths);
  const included = held.flatMap(({ includePattern }) => includePattern);
  if (isStrict) return (path) => included.some((folder) => isBelow(path, folder) || isWithin(folder, path));
  const excluded = [
    ...held.map(({ excludePattern }) => excludePattern),
    ...rights.others.filter(onPaths).map(({ includePattern }) => includePattern),
  ];
  const hidden = excluded.flat().filter((folder) => !included.includes(folder));
  return hidden.length === 0 ? undefined : (path) => !hidden.some((folder) => isBelow(path, folder));
}

/** Whether a path is a folder as a permission writes it, perhaps with a slash at its end, or lies below it. */
function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
