import { artifactapiUrl } from '../../../common/repository-url';
import * as z from 'zod';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource } from '../../../schema/define/data-source';
import { rest } from '../../../schema/define/rest';
import { repositoryName } from '../../../schema/define/types';
import { remotes } from '../paths';
import { repositoryFields } from './repository-fields';

export const remote = defineDataSource({
  type: 'artifactapi_remote',
  description: 'One remote or local repository, of any package type.',
  attributes: {
    name: attr(repositoryName, 'Name of the repository.'),
    ...repositoryFields,
    url: attr(z.string(), 'Where clients fetch from the repository.', {
      derive: ({ name, repo_type: kind }, { endpoint }) => artifactapiUrl(endpoint, kind === 'local' ? 'local' : 'remote', String(name)),
    }),
  },
  read: ({ find }, { name }) => find(rest(remotes), [String(name)]),
  example: { name: 'npm' },
});
