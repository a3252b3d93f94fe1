import { attr, defineResource, rest, z } from '../../src/schema/define';

const member = (path: string): unknown =>
  defineResource({
    type: 'acme_member',
    description: 'A member of a team.',
    attributes: { team: attr(z.string(), 'Team.', { forceNew: true }), name: attr(z.string(), 'Name.', { forceNew: true }) },
    key: ['team', 'name'],
    ...rest({ path }),
    example: { minimal: { team: 'core', name: 'ada' }, full: { team: 'core', name: 'ada' } },
  });

test('the paths of a REST collection are checked when the resource is defined', () => {
  expect(() => member('/teams/{team}/members')).not.toThrow();
  expect(() => member('teams/{team}/members')).toThrow(
    'rest({ path: "teams/{team}/members" }): the path is appended to the endpoint; begin it with "/"',
  );
  expect(() => member('/teams/{tema}/members')).toThrow(
    'acme_member: the path has "{tema}", which is not in the key; name one of team, name, or add it to the key',
  );
});
