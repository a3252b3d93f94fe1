import * as z from 'zod';
import { type Diagnostic, error } from '../../../common/diagnostic';
import type { ValueRecord } from '../../../common/value';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource } from '../../../schema/define/data-source';
import { nested } from '../../../schema/define/nested';
import { computedAttributes } from '../../../schema/define/read-only';
import { textOf } from '../calls';
import { projectId, repositoryName } from '../names';
import { listPermissions, permission } from '../permission';

const named = ({ resource_type: type, repository }: ValueRecord): Diagnostic[] =>
  typeof type === 'string' && type !== 'PROJECT' && (repository ?? null) === null
    ? [
        error('Missing Attribute', `"repository" is not set; the server lists permissions of the type ${type} for one repository.`, [
          'repository',
        ]),
      ]
    : [];

export const permissions = defineDataSource({
  type: 'bkrepo_permissions',
  description: 'The permissions on a project or on one of its repositories, in the order of their names.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project.', { api: false }),
    resourceType: attr(z.enum(['PROJECT', 'REPO', 'NODE']), 'What they are for.', { api: false }),
    repository: attr(repositoryName.optional(), 'The repository, for REPO and NODE.', { api: false }),
    permissions: attr(z.array(nested(computedAttributes(permission.attributes))), 'The permissions found.', { computed: true }),
  },
  checks: [named],
  async read({ client }, { project, resource_type: type, repository }) {
    const found = await listPermissions(client, [String(project), String(type)], typeof repository === 'string' ? repository : undefined);
    return { permissions: [...found].sort((a, b) => (textOf(a, 'permName') < textOf(b, 'permName') ? -1 : 1)) };
  },
  example: { project: 'payments', resourceType: 'PROJECT' },
});
