import * as z from 'zod';
import { isList, type ValueRecord } from '../../common/value';
import { type Diagnostic, error, warning } from '../../common/diagnostic';
import { attr } from '../../schema/define/attribute';
import { type PlanContext, defineResource } from '../../schema/define/resource';
import { rest } from '../../schema/define/rest';
import { distinct, repositoryName } from '../../schema/define/types';
import { clientNames } from './checks';
import { virtuals } from './paths';
import { packages } from './gen/packages';
import { repository } from './shared';

const example = { name: 'all-charts', packageType: 'helm', members: [{ ref: 'artifactapi_remote_helm.example.name' }] };

export const virtual = defineResource({
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
  clients: {
    kind: 'virtual',
    packageType: { attribute: 'packageType' },
    served: packages.filter(({ served }) => served?.includes('virtual')).map(({ name }) => name),
  },
  checks: [
    clientNames('virtual', ({ package_type: type }) => packages.find(({ name }) => name === type)?.clientNames),
    ({ name, members }) =>
      typeof name === 'string' && isList(members) && members.includes(name)
        ? [
            error('Invalid Attribute Value', `"members": the virtual "${name}" names itself; name the repositories that are behind it.`, [
              'members',
              members.indexOf(name),
            ]),
          ]
        : [],
  ],
  sections: [{ title: 'Using It', text: packages.map(({ name, url }) => `- **${name}**: ${url}`).join('\n') }],
  planChecks: [checkMembers],
  example: { minimal: example, full: { ...example, description: 'Every chart we use' } },
});

async function checkMembers({ members, package_type: type }: ValueRecord, context: PlanContext): Promise<readonly Diagnostic[]> {
  const names = isList(members) ? members : [];
  const found = await Promise.all(
    names.map((name) => (typeof name === 'string' ? context.find(/^artifactapi_(remote|local)_/, name) : 'unknown')),
  );
  return found.flatMap((one, index) => {
    const name = String(names[index]);
    if (one === 'unknown') return [];
    if (!one) return [warning('Member Not Found', missing(name), ['members', index])];
    const actual = 'planned' in one ? one.planned.replace(/^artifactapi_(remote|local)_/, '') : one.object['package_type'];
    if (typeof type !== 'string' || typeof actual !== 'string' || actual === type) return [];
    return [
      warning(
        'Member of Another Package Type',
        `The member "${name}" is a repository of type "${actual}", but the virtual is of type "${type}". The server will not merge it; name a member of its type.`,
        ['members', index],
      ),
    ];
  });
}

const missing = (name: string): string =>
  `The server has no remote or local repository "${name}", and none is planned in this run so far. Write the member as a reference (artifactapi_remote_npm.example.name) so that it is made first; if something else makes it, this warning can be ignored.`;
