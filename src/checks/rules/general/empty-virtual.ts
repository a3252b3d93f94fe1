import type { BuiltInRule } from '../../built-in';

/**
 * A virtual repository has no members, so clients find nothing in it.
 *
 * @bad
 * new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [] });
 * @good
 * const stable = new RemoteHelm(this, 'stable', { name: 'stable', baseUrl: 'https://charts.example.com', blocklist: ['^acme-'] });
 * new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [stable.name] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'List the repositories behind it in members, or remove it.',
  types: /^(?:artifactapi_virtual|bkrepo_virtual_repository)$/,
  checkResource(resource, { report }) {
    if (resource.count('members') === 0) report(`${resource.label} has no members`, 'members');
  },
};
