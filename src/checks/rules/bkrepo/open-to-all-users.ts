import type { BuiltInRule } from '../../built-in';

/**
 * Every user of the server can read a repository, whatever its permissions say.
 *
 * @bad
 * new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC', settings: { system: true } });
 * @good
 * new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'GENERIC' });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Remove settings.system, and grant access by a bkrepo_permission.',
  types: /^bkrepo_[a-z]+_repository$/,
  checkResource(resource, { report }) {
    if (resource.records('settings').some((settings) => settings.flag('system')))
      report(`every user of the server can read ${resource.label}`, 'settings');
  },
};
