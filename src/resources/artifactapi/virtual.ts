import {
  attr,
  defineResource,
  type Diagnostic,
  distinct,
  error,
  known,
  knownItems,
  type PlanCheckCall,
  repositoryName,
  rest,
  warning,
  z,
} from '../../schema/define';
import { clientNames } from './checks';
import { packages } from '../../common/gen/packages';
import { virtualsPath } from './paths';
import { repository, repositoryUrl } from './shared';

const example = { name: 'all-charts', packageType: 'helm', members: [{ ref: 'artifactapi_remote_helm.example.name' }] };

/** The attributes of a virtual. */
export const virtualAttributes = {
  ...repository,
  packageType: attr(z.enum(packages.map((type) => type.name)), 'Package type of all members.', { forceNew: true }),
  members: attr(distinct(repositoryName), 'Names of the remotes and locals that it combines, in the order in which they are queried.', {
    refersTo: { type: /^artifactapi_(?:remote|local)_(?!file$)/, attribute: 'name' },
    impact: 'order',
  }),
};

export const virtual = defineResource({
  type: 'artifactapi_virtual',
  description:
    'Several repositories of one package type under one name. The server merges the indexes of Helm and PyPI repositories; it may not merge those of other types.',
  attributes: virtualAttributes,
  key: ['name'],
  derived: { url: repositoryUrl('virtual') },
  ...rest(virtualsPath),
  clients: {
    kind: 'virtual',
    packageType: { attribute: 'packageType' },
    served: packages.filter(({ served }) => served?.includes('virtual')).map(({ name }) => name),
  },
  checks: [
    ({ name, packageType }) => clientNames('virtual', name, packages.find((type) => type.name === packageType)?.clientNames),
    ({ name, members }) =>
      knownItems(members).flatMap(([index, member]) =>
        member === name ? [error('Invalid Attribute Value', itself(member), ['members', index])] : [],
      ),
  ],
  sections: [{ title: 'Using It', text: packages.map(({ name, url }) => `- **${name}**: ${url}`).join('\n') }],
  planChecks: [checkMembers],
  example: { minimal: example, full: { ...example, description: 'Every chart we use' } },
});

const itself = (name: string): string => `"members": the virtual "${name}" lists itself; list the repositories behind it.`;

async function checkMembers({ planned, find }: PlanCheckCall<typeof virtualAttributes>): Promise<readonly Diagnostic[]> {
  const type = known(planned.packageType);
  const found = knownItems(planned.members).map(async ([index, name]) => {
    const path = ['members', index];
    const member = await find(/^artifactapi_(remote|local)_/, { name });
    if (!member) return [warning('Member Not Found', missing(name), path)];
    const actual = 'planned' in member ? member.planned.replace(/^artifactapi_(remote|local)_/, '') : member.object.package_type;
    if (type === undefined || (actual ?? type) === type) return [];
    return [warning('Member of Another Package Type', otherType(name, `${actual as string}`, type), path)];
  });
  return (await Promise.all(found)).flat();
}

const missing = (name: string): string =>
  `The server has no remote or local repository "${name}", and none is planned in this run so far. Use a reference (artifactapi_remote_npm.example.name) so that the member is created first; if something else creates it, ignore this warning.`;

const otherType = (name: string, actual: string, type: string): string =>
  `The member "${name}" is a repository of type "${actual}", but the virtual is of type "${type}". The server will not merge it; list only members of that type.`;
