import * as z from 'zod';
import { attr } from '../../../schema/define/attribute';
import type { ResourceDefinition } from '../../../schema/define/resource';
import { filesOfProject, filesOfRepository, mostFiles } from '../files';

/** Allows a delete to lose files. */
export const forceDestroy = attr(
  z.boolean().default(false),
  'Whether a delete may take the files in it along. Apply it before the delete; while it is false, a repository that holds files is not deleted.',
  { api: false },
);

/** The files of a repository: asked for the whole project at once, and by itself where there are more than one answer has. */
export const deleteGuard: NonNullable<ResourceDefinition['deleteGuard']> = {
  allow: 'forceDestroy',
  childType: 'bkrepo_generic_file',
  async list(server, [project = '', name = '']) {
    const files = await server.list(filesOfProject, [project]);
    const some = files.filter((file) => file['repoName'] === name);
    const whole = files.length < mostFiles && some.length === 0;
    return whole ? [] : (await filesOfRepository(server.client, [project, name], 1000)).map(({ path }) => path);
  },
};
