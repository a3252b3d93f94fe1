import { attr, type ServerCall, z } from '../../../schema/define';
import { forbiddenIsNothing } from '../after-create';
import { filesOfProject, filesOfRepository, mostFiles } from '../files';
import type { RepositoryKey } from './hooks';

/** Allows a delete to lose files. */
export const forceDestroy = attr(
  z.boolean().default(false),
  'Whether a delete also removes the files in the repository. Apply it before the delete; while it is false, a repository that holds files is not deleted.',
  { api: false },
);

/**
 * The files of a repository: asked for the whole project at once, and by itself where there are more than one answer has, or the caller manages
 * only the repository.
 */
export const deleteGuard = {
  allow: 'forceDestroy',
  childType: 'bkrepo_generic_file',
  async list({ client, list, key }: ServerCall & { readonly key: RepositoryKey }): Promise<readonly string[]> {
    const files = await list(filesOfProject, { project: key.project }).catch(forbiddenIsNothing);
    const some = files?.filter((file) => file.repoName === key.name) ?? [];
    const whole = files !== undefined && files.length < mostFiles && some.length === 0;
    return whole ? [] : (await filesOfRepository(client, key, { limit: 1000 })).map(({ path }) => path);
  },
  uncopied({ type }: { readonly type: string }): string | undefined {
    if (type === 'GENERIC') return undefined;
    const how =
      type === 'DOCKER' || type === 'OCI'
        ? 'copy each image with "skopeo copy --all", or replicate the repository with BK-Repo'
        : 'publish them again with their client, or replicate the repository with BK-Repo';
    return `files of type ${type} are stored through the protocol of their type only; ${how}`;
  },
} as const;
