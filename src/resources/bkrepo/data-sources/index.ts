import { type DataSourceDefinition, dataSourceOf, listDataSourceOf } from '../../../schema/define';
import { accessMode } from '../access-mode';
import { genericFile } from '../generic-file';
import { nodeMetadata } from '../node-metadata';
import { permission } from '../permission';
import { project } from '../project';
import { role } from '../role';
import { user } from '../user';
import { userToken } from '../user-token';
import { nodes } from './nodes';
import { packages } from './packages';
import { permissions } from './permissions';
import { repositories, repository } from './repository';
import { roles } from './roles';

const file = { project: 'payments', repository: 'local-packages', path: 'docs/hello.txt' };

/** What can be looked up on a BK-Repo server. */
export const dataSources: readonly DataSourceDefinition[] = [
  dataSourceOf(project, { name: 'payments' }),
  dataSourceOf(user, { userId: 'builder' }),
  dataSourceOf(role, { project: 'payments', roleId: 'readers' }),
  dataSourceOf(permission, { project: 'payments', resourceType: 'REPO', name: 'readers' }),
  {
    ...dataSourceOf(accessMode, { project: 'payments', repository: 'local-packages' }),
    description:
      'The access mode of a repository. Reading it may change the server: if no mode is stored yet, the server stores DIR_CTRL when the repository has a permission on paths (NODE), and DEFAULT otherwise.',
  },
  dataSourceOf(genericFile, file),
  dataSourceOf(nodeMetadata, file),
  listDataSourceOf(project, {
    type: 'bkrepo_projects',
    name: 'projects',
    description: "The projects that the provider's user may see.",
    example: { namePattern: '^pay' },
  }),
  listDataSourceOf(user, {
    type: 'bkrepo_users',
    name: 'users',
    description: 'The users of the server; only administrators can list them.',
    example: { userIdPattern: '^build' },
  }),
  listDataSourceOf(userToken, {
    type: 'bkrepo_user_tokens',
    name: 'tokens',
    description: 'The tokens of a user, without their secrets.',
    example: { user: 'builder' },
  }),
  repository,
  repositories,
  roles,
  permissions,
  nodes,
  packages,
];
