import { ArgumentError } from '../../../schema/define/errors';
import { patternFault, patternMatches } from '../../../common/re2';
import { isList } from '../../../common/value';
import { type FunctionDefinition } from '../../../schema/define/function';

export const matchPath: FunctionDefinition = {
  name: 'match_path',
  summary: 'Whether a path matches one of several RE2 patterns.',
  description:
    'Whether a path matches one of several RE2 patterns anywhere, as the server matches `patterns` and `blocklist`; for trying them in `terraform console` and in checks.',
  parameters: [
    { name: 'patterns', type: ['list', 'string'], description: 'RE2 patterns.' },
    { name: 'path', type: 'string', description: 'The path, without a slash at the beginning.' },
  ],
  returns: 'bool',
  call([patterns, path]) {
    const list = isList(patterns) ? patterns.map(String) : [];
    for (const pattern of list) {
      const fault = patternFault(pattern);
      if (fault !== undefined) throw new ArgumentError(fault, 0);
    }
    return list.some((pattern) => patternMatches(pattern, String(path)));
  },
  example: { call: 'provider::artifactapi::match_path(["^library/", "\\\\.tgz$"], "library/postgres")', gives: 'true' },
};
