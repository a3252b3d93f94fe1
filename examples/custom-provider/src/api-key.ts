import { attr, defineResource, rest, z } from 'repoform/provider';

export const apiKey = defineResource({
  type: 'crew_api_key',
  description: 'A key that programs of a team log in with. The server generates the secret and returns it only once.',
  attributes: {
    team: attr(z.string(), 'Name of the team.', { forceNew: true, refersTo: { type: 'crew_team', attribute: 'name' } }),
    name: attr(z.string().min(1), 'Name of the key, unique in the team.', { forceNew: true }),
    note: attr(z.string().default(''), 'What the key is for.'),
    secret: attr(z.string(), 'The secret. It is stored in the state.', { computed: true, sensitive: true, createOnly: true }),
  },
  key: ['team', 'name'],
  ...rest({ path: '/teams/{team}/keys' }),
  // This API has a separate call to update a key.
  async update({ client, key: { team, name }, values: { note } }) {
    await client.put(`/teams/${encodeURIComponent(team)}/keys/${encodeURIComponent(name)}/note`, { note });
  },
  example: {
    minimal: { team: { ref: 'crew_team.core.name' }, name: 'ci' },
    full: { team: { ref: 'crew_team.core.name' }, name: 'ci', note: 'For the build.' },
  },
});
