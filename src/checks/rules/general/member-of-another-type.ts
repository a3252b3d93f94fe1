import type { BuiltInRule } from '../../built-in';

/**
 * A member of a virtual repository has another package type, so the virtual never serves what it holds.
 *
 * @bad
 * const npm = new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', blocklist: ['^@acme/'] });
 * new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [npm.name] });
 * @good
 * const stable = new RemoteHelm(this, 'stable', { name: 'stable', baseUrl: 'https://charts.example.com', blocklist: ['^acme-'] });
 * new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [stable.name] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'List only repositories of the package type of the virtual.',
  types: /^(?:artifactapi_virtual|bkrepo_virtual_repository)$/,
  checkResource(resource, { report }) {
    const type = resource.repository?.packageType;
    for (const { to } of resource.links('members')) {
      const actual = to?.repository?.packageType;
      if (type !== undefined && actual !== undefined && actual !== type)
        report(`the member ${to?.label} of ${resource.label} is of type ${actual}, but the virtual is of type ${type}`, 'members');
    }
  },
};
