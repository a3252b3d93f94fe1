import type { BuiltInRule } from '../../built-in';

/**
 * A virtual repository lists a name that nothing declares, so a typing error or a missing repository goes unnoticed until clients fail.
 *
 * @bad
 * new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: ['stabel'] });
 * @good
 * const stable = new RemoteHelm(this, 'stable', { name: 'stable', baseUrl: 'https://charts.example.com', blocklist: ['^acme-'] });
 * new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [stable.name] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Declare the member and refer to its name; if something else manages it, suppress this rule with that as the reason.',
  types: /^(?:artifactapi_virtual|bkrepo_virtual_repository)$/,
  checkResource(resource, { report }) {
    for (const { value, isDeclared } of resource.links('members'))
      if (!isDeclared) report(`the member "${value}" of ${resource.label} is not declared`, 'members');
  },
};
