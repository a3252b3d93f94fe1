import type { BuiltInRule } from '../../built-in';

/**
 * A permission on paths is for a repository without an access mode other than DEFAULT, so it has no effect, until something reads the mode and the server then stores DIR_CTRL.
 *
 * @bad
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 * new Permission(this, 'writers', { project: files.project, name: 'writers', resourceType: 'NODE', repositories: [files.name], includePattern: ['/releases/'], actions: ['WRITE'] });
 * @good
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 * new RepositoryAccessMode(this, 'mode', { project: files.project, repository: files.name, mode: 'STRICT' });
 * new Permission(this, 'writers', { project: files.project, name: 'writers', resourceType: 'NODE', repositories: [files.name], includePattern: ['/releases/'], actions: ['WRITE'] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Declare a bkrepo_repository_access_mode for the repository, with the mode STRICT.',
  types: 'bkrepo_permission',
  checkResource(resource, { estate, report }) {
    if (resource.text('resource_type') !== 'NODE') return;
    for (const { to } of resource.links('repositories')) {
      const modes = to ? estate.linksTo(to).filter(({ from }) => from.type === 'bkrepo_repository_access_mode') : [];
      if (to && modes.every(({ from }) => from.text('mode') === 'DEFAULT'))
        report(`${resource.label} has no effect in ${to.label}, which has no access mode other than DEFAULT`, 'repositories');
    }
  },
};
