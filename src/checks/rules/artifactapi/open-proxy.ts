import type { BuiltInRule } from '../../built-in';

/**
 * A remote has neither patterns nor a blocklist, so clients can fetch everything that its upstream has.
 *
 * @bad
 * new RemoteGeneric(this, 'github', { name: 'github', baseUrl: 'https://github.com' });
 * @good
 * new RemoteGeneric(this, 'github', { name: 'github', baseUrl: 'https://github.com', patterns: ['^mikefarah/yq/releases/'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'List in patterns what may be fetched, or in blocklist what may not.',
  types: /^artifactapi_remote_/,
  checkResource(resource, { report }) {
    if (resource.count('patterns') === 0 && resource.count('blocklist') === 0)
      report(`${resource.label} lets clients fetch everything from ${resource.text('base_url') ?? 'its upstream'}`, 'patterns');
  },
};
