import { patternMatches } from '../../../common/re2';
import { attr, defineDataSource, nested, pattern, textOf, z } from '../../../schema/define';
import { packages } from '../../../common/gen/packages';
import { anyRepository } from '../paths';
import { byName, repositoryFields } from './repository-fields';

export const remotes = defineDataSource({
  type: 'artifactapi_remotes',
  description: 'All remote and local repositories, or those that match every given filter, sorted by name.',
  attributes: {
    packageType: attr(z.enum(packages.map((type) => type.name)).optional(), 'Only repositories of this package type.', { api: false }),
    repoType: attr(z.enum(['remote', 'local']).optional(), 'Only proxies (`remote`) or only your own repositories (`local`).', {
      api: false,
    }),
    namePattern: attr(pattern.optional(), 'Only repositories whose name matches this RE2 pattern anywhere.', { api: false }),
    remotes: attr(z.array(nested(repositoryFields)), 'The repositories found.', { computed: true }),
  },
  async read({ list, config: { packageType, repoType, namePattern } }) {
    const found = (await list(anyRepository)).filter(
      (entry) =>
        (packageType ?? entry.package_type) === entry.package_type &&
        (repoType ?? entry.repo_type ?? 'remote') === (entry.repo_type ?? 'remote') &&
        (namePattern === undefined || patternMatches(namePattern, textOf(entry.name) ?? '')),
    );
    return { remotes: byName(found) };
  },
  example: { packageType: 'helm', namePattern: '^helm' },
});
