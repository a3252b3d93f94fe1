import { attr, computedAttributes, defineDataSource, error, known, nested, z } from '../../../schema/define';
import { sortedBy } from '../calls';
import { projectId, repositoryName } from '../names';
import { listPermissions, permission } from '../permission';
import { projectAdministrator } from '../rights';

export const permissions = defineDataSource({
  type: 'bkrepo_permissions',
  description: 'The permissions on a project or on one of its repositories, sorted by name.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project.', { api: false }),
    resourceType: attr(z.enum(['PROJECT', 'REPO', 'NODE']), 'Scope of the permissions.', { api: false }),
    repository: attr(repositoryName.optional(), 'The repository, for REPO and NODE.', { api: false }),
    permissions: attr(z.array(nested(computedAttributes(permission.attributes))), 'The permissions found.', { computed: true }),
  },
  checks: [
    ({ resourceType, repository }) => {
      const type = known(resourceType) ?? 'PROJECT';
      if (type === 'PROJECT' || repository !== undefined) return [];
      const detail = `"repository" is not set; the server lists permissions of the type ${type} for one repository at a time.`;
      return [error('Missing Attribute', detail, ['repository'])];
    },
  ],
  needs: { read: [projectAdministrator] },
  async read({ client, config: { project, resourceType, repository } }) {
    return { permissions: sortedBy('permName', await listPermissions(client, { project, resourceType }, repository)) };
  },
  example: { project: 'payments', resourceType: 'PROJECT' },
});
