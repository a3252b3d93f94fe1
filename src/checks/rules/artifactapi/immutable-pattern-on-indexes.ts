import { packages } from '../../../common/gen/packages';
import { matches } from '../../facts/patterns';
import type { BuiltInRule } from '../../built-in';

/**
 * An immutable pattern matches indexes of the package type, so clients never see new versions, nor that one was withdrawn.
 *
 * @bad
 * new RemoteHelm(this, 'stable', { name: 'stable', baseUrl: 'https://charts.example.com', patterns: ['^'], immutablePatterns: ['\\.yaml$'] });
 * @good
 * new RemoteHelm(this, 'stable', { name: 'stable', baseUrl: 'https://charts.example.com', blocklist: ['^acme-'], immutablePatterns: ['\\.tgz$'] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Narrow the pattern so that it matches no index.',
  types: /^artifactapi_remote_/,
  checkResource(resource, { report }) {
    const { packageType } = resource.repository ?? {};
    const changing = packages.find(({ name }) => name === packageType)?.paths.changing ?? [];
    for (const pattern of resource.texts('immutable_patterns')) {
      const path = changing.find((one) => matches(pattern, one));
      if (path !== undefined)
        report(`the immutable pattern "${pattern}" of ${resource.label} matches indexes such as "${path}"`, 'immutable_patterns');
    }
  },
};
