import * as z from 'zod';
import { patternMatches } from '../../../common/re2';
import { attr, type Attributes } from '../../../schema/define/attribute';
import { defineDataSource } from '../../../schema/define/data-source';
import type { JsonObject } from '../../../schema/define/json';
import { nested } from '../../../schema/define/nested';
import { computedAttributes } from '../../../schema/define/read-only';
import { pattern } from '../../../schema/define/types';
import { textOf } from '../calls';
import { projectId, repositoryName } from '../names';
import { repositories as binding } from '../repository/binding';
import { localRepository } from '../repository/local';
import { types } from '../repository/types';

const told = (description: string, type: z.ZodType = z.string()): Attributes[string] => attr(type, description, { computed: true });

const fields: Attributes = {
  ...computedAttributes(localRepository.attributes),
  category: told('How it is used: LOCAL, REMOTE, VIRTUAL, COMPOSITE or PROXY.'),
  used: told('Bytes that its files take, counted while there is a quota.', z.number()),
  createdBy: told('User who made it.'),
  createdDate: told('When it was made, in the zone of the server.'),
};

// Any category will do: they share how they are read, and here each is welcome.
const { constants: _local, ...any } = binding({ name: 'LOCAL', secrets: false });

export const repository = defineDataSource({
  type: 'bkrepo_repository',
  description: 'One repository of any category, without the passwords in its configuration.',
  apiCase: 'camel',
  attributes: {
    ...fields,
    project: attr(projectId, 'The project of the repository.', { api: 'projectId' }),
    name: attr(repositoryName, 'Name of the repository.'),
  },
  read: ({ find }, { project, name }) => find(any, [String(project), String(name)]),
  example: { project: 'payments', name: 'local-packages' },
});

export const repositories = defineDataSource({
  type: 'bkrepo_repositories',
  description:
    'The repositories of a project that fit every filter given, in the order of their names. Those with visibility SYSTEM are in no list.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project.', { api: false }),
    type: attr(z.enum(types).optional(), 'Only repositories of this type.', { api: false }),
    category: attr(z.enum(['LOCAL', 'REMOTE', 'VIRTUAL', 'COMPOSITE', 'PROXY']).optional(), 'Only repositories of this category.', {
      api: false,
    }),
    namePattern: attr(pattern.optional(), 'Only repositories whose name this RE2 pattern matches anywhere.', { api: false }),
    repositories: attr(z.array(nested(fields)), 'The repositories found.', { computed: true }),
  },
  async read({ list }, { project, type, category, name_pattern: wanted }) {
    const fits = (entry: JsonObject): boolean =>
      (typeof type !== 'string' || entry['type'] === type) &&
      (typeof category !== 'string' || entry['category'] === category) &&
      (typeof wanted !== 'string' || patternMatches(wanted, textOf(entry, 'name')));
    const found = (await list(any, [String(project)])).filter(fits);
    return { repositories: [...found].sort((a, b) => (textOf(a, 'name') < textOf(b, 'name') ? -1 : 1)) };
  },
  example: { project: 'payments', type: 'GENERIC' },
});
