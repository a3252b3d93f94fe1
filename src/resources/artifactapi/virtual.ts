import * as z from 'zod';
import { isList } from '../../common/value';
import { warning } from '../../common/diagnostic';
import { attr } from '../../schema/attribute';
import { resource } from '../../schema/resource';
import { rest } from '../../schema/rest';
import { distinct, repositoryName } from '../../schema/types';
import { virtuals } from './paths';
import { packages } from './gen/packages';
import { repository } from './shared';

const example = { name: 'all-charts', packageType: 'helm', members: [{ ref: 'artifactapi_remote_helm.example.name' }] };

export const virtual = resource({
  type: 'artifactapi_virtual',
  description:
    'Several repositories of one package type under one name. The server merges the indexes of Helm and PyPI repositories; of other types it may not.',
  attributes: {
    ...repository('virtual'),
    packageType: attr(z.enum(packages.map((type) => type.name)), 'Package type that all members have.', { forceNew: true }),
    members: attr(distinct(repositoryName), 'Names of the remotes and locals behind it, in the order in which they are asked.'),
  },
  key: ['name'],
  binding: rest(virtuals),
  planChecks: [
    async ({ members }, context) => {
      const names = isList(members ?? null) ? (members as readonly unknown[]) : [];
      const found = await Promise.all(
        names.map(async (name) => typeof name !== 'string' || (await context.exists(/^artifactapi_(remote|local)_/, name)) !== false),
      );
      return names.flatMap((name, index) =>
        found[index]
          ? []
          : [
              warning(
                'Member Not Found',
                `The server has no remote or local repository "${String(name)}", and none is planned in this run so far. Write the member as a reference (artifactapi_remote_npm.example.name) so that it is made first; if something else makes it, this warning can be ignored.`,
                ['members', index],
              ),
            ],
      );
    },
  ],
  example: { minimal: example, full: { ...example, description: 'Every chart we use' } },
});
