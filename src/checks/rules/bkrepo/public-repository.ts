import type { BuiltInRule } from '../../built-in';

/**
 * A repository can be read without logging in.
 *
 * @bad
 * new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC', public: true });
 * @good
 * new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Remove public, and grant access by a bkrepo_permission.',
  types: /^bkrepo_[a-z]+_repository$/,
  checkResource(resource, { report }) {
    if (resource.flag('public')) report(`everyone can read ${resource.label} without logging in`, 'public');
  },
};
