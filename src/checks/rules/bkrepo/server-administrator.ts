import type { BuiltInRule } from '../../built-in';

/**
 * A user administers the whole server, not only a project.
 *
 * @bad
 * new User(this, 'ann', { userId: 'ann', name: 'Ann', admin: true });
 * @good
 * new User(this, 'ann', { userId: 'ann', name: 'Ann' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Remove admin, and make the user a member of a bkrepo_role that administers what it is responsible for.',
  types: 'bkrepo_user',
  checkResource(resource, { report }) {
    if (resource.flag('admin')) report(`the user ${resource.label} administers the whole server`, 'admin');
  },
};
