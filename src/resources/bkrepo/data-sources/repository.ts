import { patternMatches } from '../../../common/re2';
import {
  attr,
  computedAttributes,
  defineCollection,
  defineDataSource,
  type JsonObject,
  nested,
  pattern,
  textOf,
  z,
} from '../../../schema/define';
import { sortedBy } from '../calls';
import { projectId, repositoryName } from '../names';
import { anyRepository } from '../repository/hooks';
import { localRepository } from '../repository/local';
import { repositoryReader } from '../rights';
import { types } from '../repository/types';

const computed = { computed: true } as const;

const fields = {
  // Any category will do: they share how they are read.
  ...computedAttributes(localRepository.attributes),
  category: attr(z.string(), 'Category of the repository: LOCAL, REMOTE, VIRTUAL, COMPOSITE or PROXY.', computed),
  used: attr(z.number(), 'Total size of its files in bytes, counted only while a quota is set.', computed),
  createdBy: attr(z.string(), 'User who created it.', computed),
  createdDate: attr(z.string(), "Creation time, in the server's time zone.", computed),
};

const anyCategory = defineCollection({
  key: ['project', 'name'],
  ...anyRepository,
  list: {
    ...anyRepository.list,
    keyOf: (entry) => ({ project: textOf(entry.projectId) ?? '', name: textOf(entry.name) ?? '' }),
  },
});

export const repository = defineDataSource({
  type: 'bkrepo_repository',
  description: 'One repository of any category, without the passwords in its configuration.',
  apiCase: 'camel',
  attributes: {
    ...fields,
    project: attr(projectId, 'The project of the repository.', { api: 'projectId' }),
    name: attr(repositoryName, 'Name of the repository.'),
  },
  needs: { read: [{ permission: repositoryReader, at: { repository: 'name' } }] },
  read: ({ find, config: { project, name } }) => find(anyCategory, { project, name }),
  example: { project: 'payments', name: 'local-packages' },
});

export const repositories = defineDataSource({
  type: 'bkrepo_repositories',
  description:
    'The repositories of a project that match every given filter, sorted by name. Repositories with visibility SYSTEM are never listed.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project.', { api: false }),
    type: attr(z.enum(types).optional(), 'Only repositories of this type.', { api: false }),
    category: attr(z.enum(['LOCAL', 'REMOTE', 'VIRTUAL', 'COMPOSITE', 'PROXY']).optional(), 'Only repositories of this category.', {
      api: false,
    }),
    namePattern: attr(pattern.optional(), 'Only repositories whose name matches this RE2 pattern anywhere.', { api: false }),
    repositories: attr(z.array(nested(fields)), 'The repositories found.', computed),
  },
  needs: { read: [] },
  async read({ list, config: { project, type, category, namePattern } }) {
    const fits = (entry: JsonObject): boolean =>
      (type ?? entry.type) === entry.type &&
      (category ?? entry.category) === entry.category &&
      (namePattern === undefined || patternMatches(namePattern, textOf(entry.name) ?? ''));
    return { repositories: sortedBy('name', (await list(anyCategory, { project })).filter(fits)) };
  },
  example: { project: 'payments', type: 'GENERIC' },
});
