import { patternFault, patternMatches } from '../../../common/re2';
import { ArgumentError, attr, defineFunction, z } from '../../../schema/define';

export const matchPath = defineFunction({
  name: 'match_path',
  summary: 'Whether a path matches one of several RE2 patterns.',
  description:
    'Whether a path matches one of several RE2 patterns anywhere, as the server matches `patterns` and `blocklist`. Use it to test patterns in `terraform console` and in checks.',
  parameters: {
    patterns: attr(z.array(z.string()), 'RE2 patterns.'),
    path: attr(z.string(), 'The path, without a leading slash.'),
  },
  returns: z.boolean(),
  call({ patterns, path }) {
    for (const pattern of patterns) {
      const fault = patternFault(pattern);
      if (fault !== undefined) throw new ArgumentError(fault, 'patterns');
    }
    return patterns.some((pattern) => patternMatches(pattern, path));
  },
  example: { call: 'provider::artifactapi::match_path(["^library/", "\\\\.tgz$"], "library/postgres")', gives: 'true' },
});
