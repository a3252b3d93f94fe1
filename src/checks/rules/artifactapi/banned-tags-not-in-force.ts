import type { BuiltInRule } from '../../built-in';

/**
 * A container remote lists tags to refuse, but the list is not in force.
 *
 * @bad
 * new RemoteDocker(this, 'hub', { name: 'hub', baseUrl: 'https://registry.example.com', patterns: ['^library/'], banTags: ['^latest$'] });
 * @good
 * new RemoteDocker(this, 'hub', { name: 'hub', baseUrl: 'https://registry.example.com', patterns: ['^library/'], banTagsEnabled: true, banTags: ['^latest$'] });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Set ban_tags_enabled to true.',
  types: 'artifactapi_remote_docker',
  checkResource(resource, { report }) {
    if (!resource.flag('ban_tags_enabled') && resource.count('ban_tags') > 0)
      report(`"ban_tags" of ${resource.label} has no effect, because "ban_tags_enabled" is false`, 'ban_tags_enabled');
  },
};
