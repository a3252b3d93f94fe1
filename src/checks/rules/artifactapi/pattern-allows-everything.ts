import { matchesEverything } from '../../facts/patterns';
import type { BuiltInRule } from '../../built-in';

/**
 * One of the patterns of a remote matches every path, so the others have no effect and everything may be fetched.
 *
 * @bad
 * new RemoteGeneric(this, 'github', { name: 'github', baseUrl: 'https://github.com', patterns: ['^mikefarah/yq/', '.*'] });
 * @good
 * new RemoteGeneric(this, 'github', { name: 'github', baseUrl: 'https://github.com', patterns: ['^mikefarah/yq/'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Remove it, or write what it is meant to match.',
  types: /^artifactapi_remote_/,
  checkResource(resource, { report }) {
    for (const pattern of resource.texts('patterns').filter(matchesEverything))
      report(`the pattern "${pattern}" of ${resource.label} matches every path`, 'patterns');
  },
};
