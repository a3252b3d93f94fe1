import { attr, defineResource, rest, z } from 'repoform/provider';

export const team = defineResource({
  type: 'acme_team',
  description: 'A team.',
  attributes: {
    name: attr(z.string().min(1), 'Name of the team.', { forceNew: true }),
    description: attr(z.string().default(''), 'What the team does.'),
    size: attr(z.int().min(1).optional(), 'How many people the team has room for.'),
    createdAt: attr(z.string(), 'When the team was created.', { computed: true }),
  },
  key: ['name'],
  // GET and POST of /teams; GET, PUT and DELETE of /teams/NAME. For other APIs, write read, create, update and remove.
  ...rest({ path: '/teams' }),
  example: { minimal: { name: 'core' }, full: { name: 'core', description: 'Looks after the core.', size: 8 } },
});
