import { attr, defineResource, rest, z } from 'repoform/provider';

export const team = defineResource({
  type: 'crew_team',
  description: 'A team.',
  attributes: {
    name: attr(
      z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'is not made of lower-case letters, digits and hyphens' }),
      'Name of the team.',
      {
        forceNew: true,
      },
    ),
    description: attr(z.string().default(''), 'What the team does.'),
    channels: attr(z.array(z.string().min(1)).default([]), 'Chat channels of the team, e.g. `#core`.'),
    createdAt: attr(z.string(), 'When the team was created.', { computed: true }),
  },
  key: ['name'],
  ...rest({ path: '/teams' }),
  example: {
    minimal: { name: 'core' },
    full: { name: 'core', description: 'Looks after the core.', channels: ['#core', '#help'] },
  },
});
