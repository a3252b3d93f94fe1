import type { BuiltInRule } from '../../built-in';

/**
 * Current servers find nothing in virtual repositories of type GENERIC or MAVEN: they look for the members under the name of the virtual.
 *
 * @bad
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'MAVEN' });
 * new VirtualRepository(this, 'all', { project: 'payments', name: 'all', type: 'MAVEN', members: [{ project: files.project, name: files.name }] });
 * @good
 * const files = new LocalRepository(this, 'files', { project: 'payments', name: 'files', type: 'PYPI' });
 * new VirtualRepository(this, 'all', { project: 'payments', name: 'all', type: 'PYPI', members: [{ project: files.project, name: files.name }] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Point clients at the members, or use a composite repository.',
  types: 'bkrepo_virtual_repository',
  checkResource(resource, { report }) {
    const type = resource.text('type');
    if (type === 'GENERIC' || type === 'MAVEN')
      report(`clients find nothing in ${resource.label}, a virtual repository of type ${type}`, 'type');
  },
};
