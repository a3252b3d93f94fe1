import { matchesEverything } from '../../facts/patterns';
import type { BuiltInRule } from '../../built-in';

/**
 * The blocklist of a remote matches every path, so clients can fetch nothing.
 *
 * @bad
 * new RemoteGeneric(this, 'files', { name: 'files', baseUrl: 'https://files.example.com', blocklist: ['.*'] });
 * @good
 * new RemoteGeneric(this, 'files', { name: 'files', baseUrl: 'https://files.example.com', blocklist: ['\\.exe$'] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Write in blocklist only what is to be refused; to allow little, use patterns instead.',
  types: /^artifactapi_remote_/,
  checkResource(resource, { report }) {
    for (const pattern of resource.texts('blocklist').filter(matchesEverything))
      report(`the blocklist pattern "${pattern}" of ${resource.label} matches every path`, 'blocklist');
  },
};
