import * as z from 'zod';
import { patternMatches } from '../../../common/re2';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource } from '../../../schema/define/data-source';
import { nested } from '../../../schema/define/nested';
import { rest } from '../../../schema/define/rest';
import { pattern } from '../../../schema/define/types';
import { packages } from '../gen/packages';
import { remotes as path } from '../paths';
import { byName } from './by-name';
import { foundName, repositoryFields } from './repository-fields';

export const remotes = defineDataSource({
  type: 'artifactapi_remotes',
  description: 'All remote and local repositories, or those that fit every filter given, in the order of their names.',
  attributes: {
    packageType: attr(z.enum(packages.map((type) => type.name)).optional(), 'Only repositories of this package type.', { api: false }),
    repoType: attr(z.enum(['remote', 'local']).optional(), 'Only proxies (`remote`) or only repositories of your own (`local`).', {
      api: false,
    }),
    namePattern: attr(pattern.optional(), 'Only repositories whose name this RE2 pattern matches anywhere.', { api: false }),
    remotes: attr(z.array(nested({ name: foundName, ...repositoryFields })), 'The repositories found.', { computed: true }),
  },
  async read({ list }, config) {
    const { package_type: packageType, repo_type: repoType, name_pattern: namePattern } = config;
    const found = (await list(rest(path))).filter(
      (entry) =>
        (typeof packageType !== 'string' || entry['package_type'] === packageType) &&
        (typeof repoType !== 'string' || (entry['repo_type'] ?? 'remote') === repoType) &&
        (typeof namePattern !== 'string' || patternMatches(namePattern, String(entry['name']))),
    );
    return { remotes: byName(found) };
  },
  example: { packageType: 'helm', namePattern: '^helm' },
});
