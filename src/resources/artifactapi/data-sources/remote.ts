import { artifactapiUrl } from '../../../common/repository-url';
import { attr, defineDataSource, repositoryName, z } from '../../../schema/define';
import { anyRepository } from '../paths';
import { repositoryFields } from './repository-fields';

export const remote = defineDataSource({
  type: 'artifactapi_remote',
  description: 'One remote or local repository, of any package type.',
  attributes: {
    ...repositoryFields,
    name: attr(repositoryName, 'Name of the repository.'),
    url: attr(z.string(), 'URL of the repository for clients.'),
  },
  derived: {
    url: ({ name, repoType }, { endpoint }) => artifactapiUrl(endpoint, repoType === 'local' ? 'local' : 'remote', name),
  },
  read: ({ find, config: { name } }) => find(anyRepository, { name }),
  example: { name: 'npm' },
});
