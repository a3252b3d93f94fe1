import * as z from 'zod';
import { artifactapiUrl } from '../../../common/repository-url';
import { attr } from '../../../schema/define/attribute';
import { defineDataSource } from '../../../schema/define/data-source';
import { rest } from '../../../schema/define/rest';
import { repositoryName } from '../../../schema/define/types';
import { virtuals } from '../paths';
import { virtualFields } from './repository-fields';

export const virtual = defineDataSource({
  type: 'artifactapi_virtual',
  description: 'One virtual repository.',
  attributes: {
    name: attr(repositoryName, 'Name of the virtual.'),
    ...virtualFields,
    url: attr(z.string(), 'Where clients fetch from the virtual.', {
      derive: ({ name }, { endpoint }) => artifactapiUrl(endpoint, 'virtual', String(name)),
    }),
  },
  read: ({ find }, { name }) => find(rest(virtuals), [String(name)]),
  example: { name: 'all-charts' },
});
