import { patternMatches } from '../../../common/re2';
import { attr, defineDataSource, nested, pattern, textOf, z } from '../../../schema/define';
import { packages } from '../../../common/gen/packages';
import { anyVirtual } from '../paths';
import { byName, virtualFields } from './repository-fields';

export const virtuals = defineDataSource({
  type: 'artifactapi_virtuals',
  description: 'All virtual repositories, or those that match every given filter, sorted by name.',
  attributes: {
    packageType: attr(z.enum(packages.map((type) => type.name)).optional(), 'Only virtuals of this package type.', { api: false }),
    namePattern: attr(pattern.optional(), 'Only virtuals whose name matches this RE2 pattern anywhere.', { api: false }),
    virtuals: attr(z.array(nested(virtualFields)), 'The virtuals found.', { computed: true }),
  },
  async read({ list, config: { packageType, namePattern } }) {
    const found = (await list(anyVirtual)).filter(
      (entry) =>
        (packageType ?? entry.package_type) === entry.package_type &&
        (namePattern === undefined || patternMatches(namePattern, textOf(entry.name) ?? '')),
    );
    return { virtuals: byName(found) };
  },
  example: { packageType: 'helm' },
});
