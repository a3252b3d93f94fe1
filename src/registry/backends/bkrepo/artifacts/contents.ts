import { tellGone } from '../../../store/gone';
import { forgetOwned } from '../../../store/owners';
import { type BkContext, type Contents } from '../context';
import { type Repository } from '../model';
import { keyOf } from '../tables';
import { Nodes } from './nodes';
import { Packages } from './packages';
import { ROOT } from './paths';

/** Types of repositories that have files and no packages. */
const WITHOUT_PACKAGES = new Set(['NONE', 'GENERIC', 'LFS', 'DDC', 'SVN', 'S3', 'MEDIA', 'DRIVE']);

/** Whether a repository has content that prevents a delete without force: files or, for a package type, packages. */
export async function hasArtifacts(context: BkContext, repository: Pick<Repository, 'projectId' | 'name' | 'type'>): Promise<boolean> {
  const { projectId: project, name: repo, type } = repository;
  if (!WITHOUT_PACKAGES.has(type)) return (await new Packages(context.store.metadata).count(project, repo)) > 0;
  const place = { project, repo, path: ROOT };
  return (await new Nodes(context.store.metadata).count(place, { deep: true, includeFolder: false })) > 0;
}

/** Forgets all that a repository holds: packages, nodes, deleted nodes, uploads and tokens. */
function removeArtifacts(context: BkContext, { projectId, name }: Pick<Repository, 'projectId' | 'name'>): Promise<void> {
  return context.store.metadata.transaction(async (inside) => {
    await new Packages(inside).forget(projectId, name);
    await new Nodes(inside).forget(projectId, name);
    await forgetOwned(inside, ['bkrepo', projectId, name]);
    await forgetOwned(inside, ['virtual', keyOf(projectId, name)]);
    await tellGone(inside, keyOf(projectId, name));
  });
}

/** What the management side asks of the data plane. */
export function contentsOf(context: BkContext): Contents {
  return {
    hasArtifacts: (repository) => hasArtifacts(context, repository),
    clear: (repository) => removeArtifacts(context, repository),
  };
}
