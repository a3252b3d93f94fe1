import { attr, defineDataSource, repositoryName, z } from '../../../schema/define';
import { anyVirtual } from '../paths';
import { repositoryUrl } from '../shared';
import { virtualFields } from './repository-fields';

export const virtual = defineDataSource({
  type: 'artifactapi_virtual',
  description: 'One virtual repository.',
  attributes: {
    ...virtualFields,
    name: attr(repositoryName, 'Name of the virtual.'),
    url: attr(z.string(), 'URL of the virtual for clients.'),
  },
  derived: { url: repositoryUrl('virtual') },
  read: ({ find, config: { name } }) => find(anyVirtual, { name }),
  example: { name: 'all-charts' },
});
