import type { BuiltInRule } from '../../built-in';

/**
 * The access mode of a public repository has no effect: the server ignores it without saying so.
 *
 * @bad
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC', public: true });
 * new RepositoryAccessMode(this, 'mode', { project: files.project, repository: files.name, mode: 'STRICT' });
 * @good
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 * new RepositoryAccessMode(this, 'mode', { project: files.project, repository: files.name, mode: 'STRICT' });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Remove public from the repository, or remove the access mode.',
  types: 'bkrepo_repository_access_mode',
  checkResource(resource, { report }) {
    for (const { to } of resource.links('repository'))
      if (to?.flag('public')) report(`the server ignores the access mode of ${to.label}, which is public`, 'repository');
  },
};
