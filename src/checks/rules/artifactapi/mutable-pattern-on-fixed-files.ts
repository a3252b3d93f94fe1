import { packages } from '../../../common/gen/packages';
import { matches } from '../../facts/patterns';
import type { BuiltInRule } from '../../built-in';

/**
 * A mutable pattern matches files that never change for the package type, so they expire and are fetched again, and may then have other content.
 *
 * @bad
 * new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', blocklist: ['^@acme/'], mutablePatterns: ['\\.tgz$'] });
 * @good
 * new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', blocklist: ['^@acme/'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Remove the pattern; the server knows which files of the package type change.',
  types: /^artifactapi_remote_(?!generic$)/,
  checkResource(resource, { report }) {
    const { packageType } = resource.repository ?? {};
    const fixed = packages.find(({ name }) => name === packageType)?.paths.fixed ?? [];
    for (const pattern of resource.texts('mutable_patterns')) {
      const path = fixed.find((one) => matches(pattern, one));
      if (path !== undefined)
        report(
          `the mutable pattern "${pattern}" of ${resource.label} matches files such as "${path}", which never change`,
          'mutable_patterns',
        );
    }
  },
};
