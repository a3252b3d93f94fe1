import { attr, defineResource, rest, z } from 'repoform/provider';

export const member = defineResource({
  type: 'crew_member',
  description: 'A member of a team.',
  attributes: {
    team: attr(z.string(), 'Name of the team.', { forceNew: true, refersTo: { type: 'crew_team', attribute: 'name' } }),
    email: attr(z.string().min(1), 'Email address of the member, as in the directory.', { forceNew: true }),
    role: attr(z.enum(['maintainer', 'member']).default('member'), 'What the member may do.'),
  },
  key: ['team', 'email'],
  ...rest({ path: '/teams/{team}/members', updateMethod: 'PATCH' }),
  example: {
    minimal: { team: { ref: 'crew_team.core.name' }, email: 'ada@example.com' },
    full: { team: { ref: 'crew_team.core.name' }, email: 'ada@example.com', role: 'maintainer' },
  },
});
