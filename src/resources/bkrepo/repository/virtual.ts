import {
  attr,
  type Attributes,
  type Diagnostic,
  error,
  known,
  type MaybeUnknown,
  nested,
  type PlanCheckCall,
  present,
  warning,
  z,
} from '../../../schema/define';
import { inProject, ofRepository, projectId, repositoryName } from '../names';
import { repositoryOf } from './shared';
import { types } from './types';

const member = nested({
  project: attr(projectId, 'Project of the repository.', { api: 'projectId', ...inProject }),
  name: attr(repositoryName, 'Name of the repository.', ofRepository),
});

interface Member {
  readonly project: string;
  readonly name: string;
}

interface Members {
  readonly type: MaybeUnknown<string | undefined>;
  readonly members: MaybeUnknown<readonly Member[] | undefined>;
}

interface Named extends Members {
  readonly project: MaybeUnknown<string | undefined>;
  readonly name: MaybeUnknown<string | undefined>;
}

/** The members, those that are not known yet as nothing. */
const membersOf = ({ members }: Members): (Member | undefined)[] => (present(members) ?? []).map((one) => known(one) as Member | undefined);

const idOf = ({ project, name }: Member): string => `${project}/${name}`;

function checkMembers(config: Named): Diagnostic[] {
  const ids = membersOf(config).map((one) => one && idOf(one));
  const own = [known(config.project), known(config.name)].join('/');
  return ids.flatMap((id, index) => {
    if (id === undefined) return [];
    const problem =
      id === own
        ? `the repository "${id}" lists itself; list the repositories behind it`
        : ids.indexOf(id) < index
          ? `"${id}" is repeated; list it once`
          : undefined;
    return problem === undefined ? [] : [error('Invalid Attribute Value', `"members": ${problem}.`, ['members', index])];
  });
}

async function membersFit({
  planned,
  find,
}: { readonly planned: Members } & Pick<PlanCheckCall<Attributes>, 'find'>): Promise<Diagnostic[]> {
  const type = known(planned.type);
  const found = membersOf(planned).map(async (one, index): Promise<Diagnostic[]> => {
    if (!one) return [];
    const other = await find(/^bkrepo_\w+_repository$/, { project: one.project, name: one.name });
    if (!other) return [warning('Member Not Found', missing(idOf(one)), ['members', index])];
    const actual = 'object' in other ? (other.object.type ?? type) : type;
    if (type === undefined || actual === type) return [];
    const detail = `The member "${idOf(one)}" is a repository of type ${actual as string}, but the virtual is of type ${type}. List only members of that type.`;
    return [warning('Member of Another Type', detail, ['members', index])];
  });
  return (await Promise.all(found)).flat();
}

/** Types whose members the server looks for under the name of the virtual repository itself. */
const blind: ReadonlySet<unknown> = new Set(['GENERIC', 'MAVEN']);

function findsNothing({ planned }: { readonly planned: Members }): Diagnostic[] {
  const type = known(planned.type);
  const detail = `Current servers look for the members of a virtual repository of type ${type} under its own name, and respond to every download with 404. Point clients at the members instead. The embedded registry finds them, unless it runs with --strict.`;
  return blind.has(type) && membersOf(planned).length > 0 ? [warning('Virtual Repository Finds Nothing', detail, ['type'])] : [];
}

const missing = (name: string): string =>
  `The server has no repository "${name}", and none is planned in this run so far. Use references (bkrepo_local_repository.example.name) so that the member is created first; if something else creates it, ignore this warning.`;

export const virtualRepository = repositoryOf({
  name: 'VIRTUAL',
  clients: 'virtual',
  secrets: false,
  description:
    'Several repositories under one name; the first one that has a file serves it. Indexes are merged for NPM, NUGET and PYPI. Current servers find nothing in virtual repositories of type GENERIC and MAVEN; the embedded registry finds the files of their members, unless it runs with `--strict`. It accepts no uploads.',
  types: types.filter((type) => type !== 'NONE'),
  attributes: {
    members: attr(z.array(member), 'The repositories behind it, in the order in which they are queried.', {
      api: 'configuration.repositoryList',
      impact: 'order',
    }),
  },
  checks: [checkMembers],
  planChecks: [membersFit, findsNothing],
  example: {
    minimal: {
      type: 'GENERIC',
      members: [{ project: { ref: 'bkrepo_local_repository.example.project' }, name: { ref: 'bkrepo_local_repository.example.name' } }],
    },
    full: {},
  },
});
