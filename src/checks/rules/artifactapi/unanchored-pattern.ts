import { matchesEverything } from '../../facts/patterns';
import type { BuiltInRule } from '../../built-in';

/**
 * A pattern of a remote has no "^" at its beginning, so it also matches below paths that somebody else controls.
 *
 * @bad
 * new RemoteDocker(this, 'hub', { name: 'hub', baseUrl: 'https://registry.example.com', patterns: ['library/postgres'], banTagsEnabled: true, banTags: ['^latest$'] });
 * @good
 * new RemoteDocker(this, 'hub', { name: 'hub', baseUrl: 'https://registry.example.com', patterns: ['^library/postgres/'], banTagsEnabled: true, banTags: ['^latest$'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Begin it with "^", and with "^.*" if you mean any folder.',
  types: /^artifactapi_remote_/,
  checkResource(resource, { report }) {
    for (const pattern of resource.texts('patterns'))
      if (!/^(?:\(\?[a-z]+\))?(?:\^|\\A)/.test(pattern) && !/^\(\^.*\)$/.test(pattern) && !matchesEverything(pattern))
        report(
          `the pattern "${pattern}" of ${resource.label} matches anywhere in a path, such as "attacker/${plain(pattern)}"`,
          'patterns',
        );
  },
};

const plain = (pattern: string): string =>
  pattern
    .replace(/^(?:\.\*)?\/?/, '')
    .replace(/\\/g, '')
    .replace(/\$$/, '');
