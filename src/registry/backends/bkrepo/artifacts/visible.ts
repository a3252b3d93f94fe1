import { isAllowed } from '../authorize';
import { type BkContext } from '../context';
import { type Repository } from '../model';
import { type Principal } from '../principal';
import { keyOf } from '../tables';
import { type Node } from './node';

/** Who looks at a repository. */
export interface Viewer {
  readonly repository: Repository;
  readonly principal: Principal;
}

/** Whether the paths of a repository are guarded one by one, so that somebody may see some of them and not others. */
export async function isGuarded(context: BkContext, { repository, principal }: Viewer): Promise<boolean> {
  if (principal.admin) return false;
  const mode = await context.bk.modes.get(keyOf(repository.projectId, repository.name));
  return mode !== undefined && mode.accessControlMode !== 'DEFAULT';
}

/** The nodes that somebody may see. */
export async function visibleTo(context: BkContext, viewer: Viewer, nodes: readonly Node[]): Promise<readonly Node[]> {
  if (!(await isGuarded(context, viewer))) return nodes;
  const { repository, principal } = viewer;
  const visible: Node[] = [];
  for (const node of nodes) {
    const wish = { action: 'READ', project: repository.projectId, repository, path: node.full_path } as const;
    if (await isAllowed(context, principal, wish)) visible.push(node);
  }
  return visible;
}
