import type { BuiltInRule } from '../../built-in';

/**
 * The server stores a permission on a project, but its own realm ignores it.
 *
 * @bad
 * new Permission(this, 'readers', { project: 'payments', name: 'readers', resourceType: 'PROJECT', actions: ['READ'] });
 * @good
 * new Role(this, 'readers', { project: 'payments', roleId: 'readers', name: 'Readers' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Use a bkrepo_role for the project, or permissions on its repositories (REPO).',
  types: 'bkrepo_permission',
  checkResource(resource, { report }) {
    if (resource.text('resource_type') === 'PROJECT') report(`${resource.label} has no effect in the local realm`, 'resource_type');
  },
};
