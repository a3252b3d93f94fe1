import type { BuiltInRule } from '../../built-in';

/**
 * A permission on a GENERIC repository in the access mode STRICT opens no files: there, only permissions on paths do.
 *
 * @bad
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 * new RepositoryAccessMode(this, 'mode', { project: files.project, repository: files.name, mode: 'STRICT' });
 * new Permission(this, 'readers', { project: files.project, name: 'readers', resourceType: 'REPO', repositories: [files.name], actions: ['READ', 'DOWNLOAD'] });
 * @good
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 * new RepositoryAccessMode(this, 'mode', { project: files.project, repository: files.name, mode: 'STRICT' });
 * new Permission(this, 'readers', { project: files.project, name: 'readers', resourceType: 'NODE', repositories: [files.name], includePattern: ['/'], actions: ['READ', 'DOWNLOAD'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Use a permission with resource_type NODE and include_pattern ["/"] in addition.',
  types: 'bkrepo_permission',
  checkResource(resource, { estate, report }) {
    if (resource.text('resource_type') !== 'REPO') return;
    for (const { to } of resource.links('repositories')) {
      if (to?.text('type') !== 'GENERIC') continue;
      const around = estate.linksTo(to).map(({ from }) => from);
      const strict = around.some((one) => one.type === 'bkrepo_repository_access_mode' && one.text('mode') === 'STRICT');
      const onPaths = around.some((one) => one.type === 'bkrepo_permission' && one.text('resource_type') === 'NODE');
      if (strict && !onPaths) report(`${resource.label} opens no files of ${to.label}, whose access mode is STRICT`, 'repositories');
    }
  },
};
