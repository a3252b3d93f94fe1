import type { BuiltInRule } from '../../built-in';

/**
 * The access mode DIR_CTRL lets viewers of the project upload, overwrite and delete files wherever no permission on paths lists that action.
 *
 * @bad
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 * new RepositoryAccessMode(this, 'mode', { project: files.project, repository: files.name, mode: 'DIR_CTRL' });
 * @good
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 * new RepositoryAccessMode(this, 'mode', { project: files.project, repository: files.name, mode: 'STRICT' });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Use STRICT, which denies access to everyone without a permission on the path.',
  types: 'bkrepo_repository_access_mode',
  checkResource(resource, { report }) {
    if (resource.text('mode') === 'DIR_CTRL') report(`viewers of the project can write to ${resource.label}`, 'mode');
  },
};
