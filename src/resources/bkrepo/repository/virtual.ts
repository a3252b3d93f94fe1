import * as z from 'zod';
import { error, warning, type Diagnostic } from '../../../common/diagnostic';
import { isList, isRecord, type Value, type ValueRecord } from '../../../common/value';
import { attr } from '../../../schema/define/attribute';
import { nested } from '../../../schema/define/nested';
import type { Check, PlanCheck, PlanContext } from '../../../schema/define/resource';
import { projectId, repositoryName } from '../names';
import { repositoryOf } from './shared';
import { types } from './types';

const member = nested({
  project: attr(projectId, 'Project of the repository.', { api: 'projectId' }),
  name: attr(repositoryName, 'Name of the repository.'),
});

const keyOf = (value: Value | undefined): readonly [string, string] | undefined => {
  if (!isRecord(value ?? null)) return undefined;
  const { project, name } = value as ValueRecord;
  return typeof project === 'string' && typeof name === 'string' ? [project, name] : undefined;
};

const checkMembers: Check = (config) => {
  const { members, project, name } = config;
  if (!isList(members)) return [];
  const keys = members.map((one) => keyOf(one)?.join('/'));
  return keys.flatMap((key, index) => {
    if (key === undefined) return [];
    if (key === `${String(project)}/${String(name)}`)
      return [
        error('Invalid Attribute Value', `"members": the repository "${key}" names itself; name those that are behind it.`, [
          'members',
          index,
        ]),
      ];
    return keys.indexOf(key) < index
      ? [error('Invalid Attribute Value', `"members": "${key}" is repeated; name it once.`, ['members', index])]
      : [];
  });
};

async function membersFit({ members, type }: ValueRecord, context: PlanContext): Promise<readonly Diagnostic[]> {
  const list = isList(members) ? members : [];
  const found = await Promise.all(
    list.map(async (one, index): Promise<readonly Diagnostic[]> => {
      const key = keyOf(one);
      if (!key) return [];
      const other = await context.find(/^bkrepo_\w+_repository$/, ...key);
      if (!other) return [warning('Member Not Found', missing(key.join('/')), ['members', index])];
      const actual = 'object' in other ? other.object['type'] : undefined;
      if (typeof type !== 'string' || typeof actual !== 'string' || actual === type) return [];
      return [
        warning(
          'Member of Another Type',
          `The member "${key.join('/')}" is a repository of type ${actual}, but the virtual one is of type ${type}. Name a member of its type.`,
          ['members', index],
        ),
      ];
    }),
  );
  return found.flat();
}

/** Types whose members the server looks for under the name of the virtual repository itself. */
const blind: ReadonlySet<unknown> = new Set(['GENERIC', 'MAVEN']);

const findsNothing: PlanCheck = ({ type, members }) => {
  const detail = `Current servers look for the members of a virtual repository of type ${String(type)} under its own name, and answer 404 to every download. Let clients use the members themselves.`;
  const warned = blind.has(type) && isList(members ?? null) && (members as readonly Value[]).length > 0;
  return Promise.resolve(warned ? [warning('Virtual Repository Finds Nothing', detail, ['type'])] : []);
};

const missing = (name: string): string =>
  `The server has no repository "${name}", and none is planned in this run so far. Write the member with references (bkrepo_local_repository.example.name) so that it is made first; if something else makes it, this warning can be ignored.`;

export const virtualRepository = repositoryOf({
  name: 'VIRTUAL',
  secrets: false,
  description:
    'Several repositories under one name, which answers with the first of them that has what is asked for. Indexes are merged for NPM, NUGET and PYPI. Current servers find nothing in those of type GENERIC and MAVEN. Nothing can be uploaded to it.',
  types: types.filter((type) => type !== 'NONE'),
  attributes: {
    members: attr(z.array(member), 'The repositories behind it, in the order in which they are asked.', {
      api: 'configuration.repositoryList',
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
