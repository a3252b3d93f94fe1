import type { BuiltInRule } from '../../built-in';

/**
 * A path prefix of a permission does not end with "/", so it also matches siblings: "/rel" matches "/release".
 *
 * @bad
 * new Permission(this, 'writers', { project: 'payments', name: 'writers', resourceType: 'NODE', repositories: ['files'], includePattern: ['/rel'], actions: ['WRITE'] });
 * @good
 * new Permission(this, 'writers', { project: 'payments', name: 'writers', resourceType: 'NODE', repositories: ['files'], includePattern: ['/rel/'], actions: ['WRITE'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'End the prefix with "/".',
  types: 'bkrepo_permission',
  checkResource(resource, { report }) {
    for (const prefix of resource.texts('include_pattern'))
      if (!prefix.endsWith('/'))
        report(
          `the prefix "${prefix}" of ${resource.label} also matches "${prefix}-old" and everything else that begins like it`,
          'include_pattern',
        );
  },
};
