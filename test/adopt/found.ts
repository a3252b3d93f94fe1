import { attr, connection, defineProvider, defineResource, nested, rest, secret, z } from '../../src/schema/define';
import { Catalog } from '../../src/handler/compiled';
import type { FoundObject } from '../../src/adopt/estate';
import type { Item } from '../../src/adopt/groups';
import { References } from '../../src/adopt/references';
import { configurationOf } from '../../src/schema/api/configuration';
import type { ValueRecord } from '../../src/common/value';

const inTeam = { refersTo: { type: 'acme_team', attribute: 'name' } } as const;
const aBox = { refersTo: { type: /^acme_[a-z]+_box$/, attribute: 'name' } } as const;

const team = defineResource({
  type: 'acme_team',
  description: 'A team.',
  attributes: { name: attr(z.string(), 'Name.', { forceNew: true }), ...secret('token', 'Token.') },
  key: ['name'],
  ...rest({ path: '/teams' }),
  example: { minimal: { name: 'x' }, full: { name: 'x' } },
});

const box = (kind: string) =>
  defineResource({
    type: `acme_${kind}_box`,
    description: 'A box of a team.',
    attributes: {
      team: attr(z.string(), 'Team.', { forceNew: true, ...inTeam }),
      name: attr(z.string(), 'Name.', { forceNew: true }),
      url: attr(z.string(), 'URL.'),
      packageType: attr(z.string().default('npm'), 'Package type.'),
      description: attr(z.string().default(''), 'Description.'),
      size: attr(z.int().optional(), 'Size.'),
      members: attr(z.array(z.string()).default([]), 'Boxes of the same team in it.', aBox),
      others: attr(
        z.array(nested({ team: attr(z.string(), 'Team.', inTeam), name: attr(z.string(), 'Name.', aBox) })).default([]),
        'Boxes.',
      ),
      labels: attr(z.record(z.string(), z.string()).default({}), 'Labels.'),
      username: attr(z.string().optional(), 'User.'),
      ...secret('password', 'Password.', { requires: ['username'], conflicts: ['size'] }),
    },
    key: ['team', 'name'],
    ...rest({ path: `/teams/{team}/${kind}` }),
    clients: { kind: 'local', packageType: { attribute: 'packageType' } },
    example: { minimal: { team: 'a', name: 'x', url: 'u' }, full: { team: 'a', name: 'x', url: 'u' } },
  });

/** Teams, and boxes of two kinds that are in teams and may contain each other. */
export const acme = defineProvider({
  name: 'acme',
  title: 'Acme',
  description: 'Boxes.',
  attributes: connection('Acme'),
  resources: [team, box('big'), box('small')],

  example: {},
});

const catalog = new Catalog(acme);

/** An object as if it had been found. */
export function found(type: string, values: ValueRecord): FoundObject {
  const compiled = catalog.resource(type);
  const key = compiled.key.map((name) => String(values[name] ?? ''));
  return { type, compiled, key, id: key.join('/'), values, config: configurationOf(compiled.fields, values) };
}

/** A box, e.g. `a/x`. */
export const boxAt = (id: string, values: ValueRecord = {}, kind = 'big'): FoundObject => {
  const [own = '', name = ''] = id.split('/');
  return found(`acme_${kind}_box`, { team: own, name, url: `https://${name}.example.com`, package_type: 'npm', ...values });
};

/** Objects with the configurations that code is written from. */
export function itemsOf(...objects: readonly FoundObject[]): Item[] {
  const references = new References(objects);
  return objects.map((object) => ({ object, tree: references.treeOf(object) }));
}
