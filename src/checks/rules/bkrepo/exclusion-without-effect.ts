import type { BuiltInRule } from '../../built-in';

/**
 * An exclude pattern of a permission does not restrict what its include patterns grant.
 *
 * @bad
 * new Permission(this, 'writers', { project: 'payments', name: 'writers', resourceType: 'NODE', repositories: ['files'], includePattern: ['/'], excludePattern: ['/releases/'], actions: ['WRITE'] });
 * @good
 * new Permission(this, 'writers', { project: 'payments', name: 'writers', resourceType: 'NODE', repositories: ['files'], includePattern: ['/drafts/'], actions: ['WRITE'] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'List narrower paths in include_pattern, and remove exclude_pattern.',
  types: 'bkrepo_permission',
  checkResource(resource, { report }) {
    const granted = resource.texts('include_pattern');
    for (const excluded of resource.texts('exclude_pattern'))
      if (granted.some((prefix) => excluded.startsWith(prefix)))
        report(`${resource.label} grants "${excluded}" although "exclude_pattern" lists it`, 'exclude_pattern');
  },
};
