import * as z from 'zod';
import { patternMatches } from '../../../common/re2';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource } from '../../../schema/define/data-source';
import { nested } from '../../../schema/define/nested';
import { rest } from '../../../schema/define/rest';
import { pattern } from '../../../schema/define/types';
import { packages } from '../gen/packages';
import { virtuals as path } from '../paths';
import { byName } from './by-name';
import { foundName, virtualFields } from './repository-fields';

export const virtuals = defineDataSource({
  type: 'artifactapi_virtuals',
  description: 'All virtual repositories, or those that fit every filter given, in the order of their names.',
  attributes: {
    packageType: attr(z.enum(packages.map((type) => type.name)).optional(), 'Only virtuals of this package type.', { api: false }),
    namePattern: attr(pattern.optional(), 'Only virtuals whose name this RE2 pattern matches anywhere.', { api: false }),
    virtuals: attr(z.array(nested({ name: foundName, ...virtualFields })), 'The virtuals found.', { computed: true }),
  },
  async read({ list }, { package_type: packageType, name_pattern: namePattern }) {
    const found = (await list(rest(path))).filter(
      (entry) =>
        (typeof packageType !== 'string' || entry['package_type'] === packageType) &&
        (typeof namePattern !== 'string' || patternMatches(namePattern, String(entry['name']))),
    );
    return { virtuals: byName(found) };
  },
  example: { packageType: 'helm' },
});
