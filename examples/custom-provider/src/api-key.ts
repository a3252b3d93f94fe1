import { attr, defineResource, rest, z } from 'repoform/provider';

export const apiKey = defineResource({
  type: 'crew_api_key',
  description: 'A key with which programs of a team log in. The server invents the secret, and tells it once.',
  attributes: {
    team: attr(z.string(), 'Name of the team.', { forceNew: true }),
    name: attr(z.string().min(1), 'Name of the key, unique in the team.', { forceNew: true }),
    note: attr(z.string().default(''), 'What the key is for.'),
    secret: attr(z.string(), 'The secret. It is kept in the state.', { computed: true, sensitive: true, createOnly: true }),
  },
  key: ['team', 'name'],
  ...rest({ path: '/teams/{team}/keys' }),
  // An update of a key is a call of its own in this API.
  async update({ client, key: { team, name }, values: { note } }) {
    await client.put(`/teams/${encodeURIComponent(team)}/keys/${encodeURIComponent(name)}/note`, { note });
  },
  example: {
    minimal: { team: { ref: 'crew_team.core.name' }, name: 'ci' },
    full: { team: { ref: 'crew_team.core.name' }, name: 'ci', note: 'For the build.' },
  },
});
