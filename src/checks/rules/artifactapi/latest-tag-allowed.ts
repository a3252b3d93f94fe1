import { matches } from '../../facts/patterns';
import type { BuiltInRule } from '../../built-in';

/**
 * A container remote allows the tag "latest", so what is deployed changes without a change of the code.
 *
 * @bad
 * new RemoteDocker(this, 'hub', { name: 'hub', baseUrl: 'https://registry.example.com', patterns: ['^library/'] });
 * @good
 * new RemoteDocker(this, 'hub', { name: 'hub', baseUrl: 'https://registry.example.com', patterns: ['^library/'], banTagsEnabled: true, banTags: ['^latest$'] });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Set ban_tags_enabled to true and list "^latest$" in ban_tags.',
  types: 'artifactapi_remote_docker',
  checkResource(resource, { report }) {
    const banned = resource.flag('ban_tags_enabled') && resource.texts('ban_tags').some((pattern) => matches(pattern, 'latest'));
    // A list without force has a rule of its own.
    if (!banned && (resource.flag('ban_tags_enabled') || resource.count('ban_tags') === 0))
      report(`${resource.label} allows the tag "latest"`, 'ban_tags');
  },
};
