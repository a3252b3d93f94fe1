import { Construct, RootConstruct } from 'constructs';
import { groupsOf, isEarlier, usualSplit } from '../../src/adopt/groups';
import { managedIn } from '../../src/adopt/managed';
import { classNameOf, identifierOf, Names, slugOf } from '../../src/adopt/names';
import { Reference, referencesIn } from '../../src/adopt/references';
import { secretsOf } from '../../src/adopt/secrets';
import type { FoundObject } from '../../src/adopt/estate';
import { globOf } from '../../src/common/glob';
import { appFiles } from '../../src/adopt/typescript/app';
import { familiesOf } from '../../src/adopt/typescript/alike';
import { kubesphere } from '../../src/resources/kubesphere';
import { Catalog } from '../../src/handler/compiled';
import type { ValueRecord } from '../../src/common/value';
import { boxAt, found, itemsOf } from './found';

const team = (name: string) => found('acme_team', { name });
const named = (tree: unknown): string[] => referencesIn(tree).map(({ to, attribute }) => `${to.type} ${to.id} ${attribute}`);

describe('references', () => {
  test('are to the one object that a value names, in the containers that the places beside it name', () => {
    const [all] = itemsOf(
      boxAt('a/all', {
        members: ['x', 'y'],
        others: [
          { team: 'b', name: 'x' },
          { team: 'c', name: 'x' },
        ],
      }),
      ...[boxAt('a/x'), boxAt('b/x', {}, 'small'), team('a')],
    );
    expect(named(all?.tree)).toEqual(['acme_team a name', 'acme_big_box a/x name', 'acme_small_box b/x name']);
    expect(all?.tree).toMatchObject({ name: 'all', others: [{ team: 'b' }, { team: 'c', name: 'x' }] });
    expect((all?.tree['members'] as unknown[])[1]).toBe('y');
  });

  test('are to nothing where several objects or only the object itself have the value', () => {
    const [self, several] = itemsOf(
      boxAt('a/x', { members: ['x'] }),
      boxAt('b/all', { members: ['y'] }),
      boxAt('b/y'),
      boxAt('b/y', {}, 'small'),
    );
    expect([named(self?.tree), named(several?.tree)]).toEqual([[], []]);
  });

  test('are not in the values of maps, and numbers stay numbers', () => {
    const [one] = itemsOf(boxAt('a/x', { labels: { team: 'a' }, size: 3n as never }), team('a'));
    expect([named(one?.tree), one?.tree['labels'], one?.tree['size']]).toEqual([['acme_team a name'], { team: 'a' }, 3]);
  });
});

describe('groups', () => {
  const shown = (groups: ReturnType<typeof groupsOf>) => groups.map(({ name, items }) => [name, ...items.map(({ object }) => object.id)]);
  const estate = itemsOf(
    ...[boxAt('b/npm-x'), boxAt('a/all', { members: ['zoo'], others: [{ team: 'b', name: 'npm-x' }] }), boxAt('a/zoo'), boxAt('a/ant')],
    ...[team('b'), team('a'), boxAt('c/pip', { package_type: 'pypi' })],
  );

  test('are of one parent, with the parent, each after what it refers to', () => {
    expect(shown(groupsOf(estate, 'parent'))).toEqual([
      ['b', 'b', 'b/npm-x'],
      ['a', 'a', 'a/zoo', 'a/all', 'a/ant'],
      ['c', 'c/pip'],
    ]);
  });

  test('are of one package type, one prefix of names, or all', () => {
    expect(shown(groupsOf(estate, 'package-type')).map(([name, ...ids]) => [name, ids.length])).toEqual([
      ['shared', 2],
      ['npm', 4],
      ['pypi', 1],
    ]);
    expect(groupsOf(estate, 'prefix').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['npm', 'all', 'zoo', 'ant', 'pip', 'a', 'b']),
    );
    expect(shown(groupsOf(estate, 'none'))).toEqual([['shared', 'a', 'a/zoo', 'b', 'b/npm-x', 'a/all', 'a/ant', 'c/pip']]);
  });

  test('by parent are usual where objects have one, and by package type where there are more than 15', () => {
    expect(usualSplit(estate)).toBe('parent');
    expect(usualSplit(itemsOf(team('a')))).toBe('none');
    const alone = (count: number) =>
      itemsOf(...Array.from({ length: count }, (_, index) => ({ ...boxAt(`a/x${index}`), key: [`x${index}`] })));
    expect([usualSplit(alone(15)), usualSplit(alone(16))]).toEqual(['none', 'package-type']);
    expect(usualSplit(itemsOf(...Array.from({ length: 16 }, (_, index) => team(`t${index}`))))).toBe('none');
  });

  test('of a circle come each once, and what comes later is not referred to', () => {
    const circle = itemsOf(boxAt('a/x', { members: ['y'] }), boxAt('a/y', { members: ['x'] }));
    const groups = groupsOf(circle, 'parent');
    expect(shown(groups)).toEqual([['a', 'a/y', 'a/x']]);
    const may = groups.flatMap(({ items }) =>
      items.flatMap(({ object, tree }) => referencesIn(tree).map((one) => [object.id, isEarlier(groups, object, one)])),
    );
    expect(may).toEqual([
      ['a/y', false],
      ['a/x', true],
    ]);
    const [x] = circle;
    expect(x && isEarlier(groups, x.object, new Reference(x.object, 'name', 'x'))).toBe(false);
  });
});

describe('secrets', () => {
  test('are those that something needs which is set, unless something conflicts with them', () => {
    const slots = (values: ValueRecord) => itemsOf(boxAt('a/x', values)).flatMap(({ object, tree }) => secretsOf(object, tree));
    expect(slots({ username: 'ci' })).toEqual([{ attribute: 'passwordWo', name: 'password' }]);
    expect(slots({ username: 'ci', size: 3 })).toEqual([]);
    expect(slots({})).toEqual([]);
    expect(itemsOf(team('a')).flatMap(({ object, tree }) => secretsOf(object, tree))).toEqual([]);
  });

  test('of app repositories are the password of a user and the secret of an access key', () => {
    const compiled = new Catalog(kubesphere).resource('kubesphere_app_repository');
    const slots = (tree: object) => secretsOf({ ...team('a'), compiled }, { name: 'x', ...tree }).map(({ attribute }) => attribute);
    expect([slots({ username: 'ci' }), slots({ accessKeyId: 'key' }), slots({})]).toEqual([['passwordWo'], ['secretAccessKeyWo'], []]);
  });
});

describe('what an app manages', () => {
  const objects = [team('a'), team('b'), boxAt('a/x'), boxAt('b/x'), boxAt('a/npm-1'), boxAt('a/npm-2'), team('${odd}')];
  const shown = ({ type, id }: FoundObject): string => `${type} ${id}`;
  const managed = (...stacks: Parameters<typeof managedIn>[0]) => [...managedIn(stacks, objects).objects].map(shown);
  const boxes = (named: Record<string, Record<string, unknown>>) => ({ resource: { acme_big_box: named } });

  test('is found by keys, with references to what is found', () => {
    const resource = {
      acme_big_box: { one: { team: '${acme_team.first.name}', name: 'x' } },
      acme_team: { first: { name: 'a' } },
      acme_other: { x: { name: 'a' } },
    };
    expect(managed({ resource })).toEqual(['acme_team a', 'acme_big_box a/x']);
    expect(managed({ resource: { acme_team: { odd: { name: '$${odd}' } } } })).toEqual(['acme_team ${odd}']);
  });

  test('is found by import ids of its type, in any stack', () => {
    expect(managed({}, { import: [{ to: 'acme_big_box.anything', id: 'b/x' }] })).toEqual(['acme_big_box b/x']);
    expect(managed({ import: [{ to: 'acme_team.odd', id: '$${odd}' }] })).toEqual(['acme_team ${odd}']);
    expect(managed({ import: [{ to: 'acme_big_box_of.anything', id: 'b/x' }] })).toEqual([]);
  });

  test('is found by references to another stack, as the CDK writes them', () => {
    const output = { 'cross-stack-output-acme_teampayname': { sensitive: true, value: '${acme_team.pay.name}' } };
    const name = '${data.terraform_remote_state.cross-stack-reference-input-a.outputs.cross-stack-output-acme_teampayname}';
    const uses = boxes({ one: { team: name, name: 'x' } });
    expect(managed(uses, { resource: { acme_team: { pay: { name: 'b' } } }, output })).toEqual(['acme_team b', 'acme_big_box b/x']);
  });

  test('is found in loops over what is written out', () => {
    const list = { team: 'a', name: '${each.value}', for_each: '${toset(["x", "npm-1"])}' };
    const map = { team: '${each.value.team}', name: 'npm-${each.key}', for_each: { 2: { team: 'a' } } };
    const counted = { team: 'a', name: 'npm-${count.index}', count: 2 };
    expect(managed(boxes({ list, map }))).toEqual(['acme_big_box a/x', 'acme_big_box a/npm-1', 'acme_big_box a/npm-2']);
    expect(managed(boxes({ counted }))).toEqual(['acme_big_box a/npm-1']);
  });

  test('is in doubt where only Terraform knows the name, as far as the rest of the key fits', () => {
    const doubts = (named: Record<string, Record<string, unknown>>) =>
      [...managedIn([boxes(named)], objects).doubtful].map(([object, address]) => `${object.id} ${address}`);
    expect(doubts({ some: { team: 'a', name: 'npm-${var.number}' } })).toEqual(['a/npm-1 acme_big_box.some', 'a/npm-2 acme_big_box.some']);
    expect(doubts({ other: { team: '${acme_team.missing.name}', name: 'x' } })).toEqual([
      'a/x acme_big_box.other',
      'b/x acme_big_box.other',
    ]);
    expect(doubts({ some: { team: 'a', name: '${var.name}' }, x: { team: 'a', name: 'x' } })).toEqual([
      'a/npm-1 acme_big_box.some',
      'a/npm-2 acme_big_box.some',
    ]);
    expect(doubts({ odd: { team: 'b', name: ['x'] } })).toEqual(['b/x acme_big_box.odd']);
  });

  test('is not what the app has on other servers', () => {
    const stack = (endpoint: unknown, provider?: string) => ({
      provider: { acme: [{ endpoint }, { endpoint: 'https://other.example.com', alias: 'other' }] },
      resource: { acme_team: { one: { name: 'a', ...(provider && { provider }) } } },
      import: [{ to: 'acme_team.one', id: 'a' }],
    });
    const on = (...stacks: Parameters<typeof managedIn>[0]) =>
      [...managedIn(stacks, objects, { provider: 'acme', url: 'https://acme.example.com/' }).objects].map(shown);
    expect(on(stack('https://acme.example.com'))).toEqual(['acme_team a']);
    expect(on(stack('https://acme.example.com', 'acme.other'))).toEqual([]);
    expect(on(stack('https://test.example.com'), { provider: { acme: [{ endpoint: 'https://acme.example.com' }] } })).toEqual([]);
    expect(on(stack('${var.endpoint}'))).toEqual(['acme_team a']);
    expect(on(stack('https://by-another-name.example.com'))).toEqual(['acme_team a']);
  });
});

describe('families', () => {
  const familyOf = (...objects: readonly FoundObject[]) => {
    const [one, ...more] = familiesOf(itemsOf(...objects), ({ object }) => object.key[1] ?? '');
    expect(more).toEqual([]);
    return one && { ids: [...one.items].map(({ object }) => object.id), naming: one.naming, parameters: one.parameters };
  };
  const four = ['a/x1', 'a/x2', 'a/x3', 'a/x4'];

  test('have at least four members, which agree in what they need not say', () => {
    expect(familyOf(...four.slice(1).map((id) => boxAt(id)))).toBeUndefined();
    expect(familyOf(...four.map((id) => boxAt(id)), boxAt('a/x5', { size: 5 }))).toEqual({
      ids: four,
      naming: 'name',
      parameters: [
        { key: 'name', type: 'string', optional: false },
        { key: 'url', type: 'string', optional: false },
      ],
    });
    expect(familyOf(...four.map((id, index) => boxAt(id, { size: index })))).toBeUndefined();
  });

  test('have optional parameters last, and at most three', () => {
    const some = four.map((id, index) => boxAt(id, index > 1 ? { description: `of ${id}` } : {}));
    expect(familyOf(...some)?.parameters.map(({ key, optional }) => `${key}${optional ? '?' : ''}`)).toEqual([
      'name',
      'url',
      'description?',
    ]);
    expect(familyOf(...some.slice(1), boxAt('b/x1'))).toBeUndefined();
  });

  test('are none where the ids of constructs are other names', () => {
    expect(familiesOf(itemsOf(...four.map((id) => boxAt(id))), ({ object }) => object.id)).toEqual([]);
  });
});

describe('names', () => {
  test.each([
    ['my-repo.v2', 'myRepoV2', 'MyRepoV2', 'my-repo.v2'],
    ['NPM', 'npm', 'Npm', 'NPM'],
    ['2fast', '_2fast', '_2fast', '2fast'],
    ['class', 'class_', 'Class', 'class'],
    ['Über größe', 'uberGroE', 'UberGroE', 'ber-gr-e'],
    ['../..', 'object', 'Object', 'object'],
  ])('of %j are %j, %j and %j', (text, ...names) => {
    expect([identifierOf(text), classNameOf(text, 'object'), slugOf(text)]).toEqual(names);
  });

  test('in an app are neither those of parameters in which they are used, nor of imports, nor ids that constructs refuse', () => {
    const big = ['v1', 'v2', 'v3', 'v4'].map((name) =>
      boxAt(`secret/${name}`, { members: ['description'], description: `The ${name}`, url: 'u' }),
    );
    const small = ['description', 'constructor', '__proto__', 'acme'].map((name) => boxAt(`secret/${name}`, {}, 'small'));
    const user = boxAt('x/user', { username: 'ci', others: [{ team: 'secret', name: 'v1' }] });
    const app = (split: 'parent' | 'none') =>
      appFiles({
        provider: 'acme',
        groups: groupsOf(itemsOf(team('secret'), team('x'), user, ...big, ...small), split),
        core: { name: 'cdktf', module: 'acme' },
        stack: 'registry',
        endpoint: { variable: 'ACME_ENDPOINT', url: 'https://acme.example.com' },
        imports: true,
      }).files;
    const parts = app('parent');
    expect(parts.get('secret.ts')).toContain('members: [descriptionSmallBox.name]');
    expect(parts.get('main.ts')).toMatch(/const secretGroup = new Secret\(this, 'secret'\);\n\s+new X\(this, 'x', \{ secretGroup \}\)/);
    expect(parts.get('x.ts')).toContain("passwordWo: secret(this, 'user_password')");
    const ids = [...app('none').values()].join('\n').matchAll(/(?:new \w+Box|smallBox|bigBox)\((?:this, )?'([^']+)'/g);
    const stack = new RootConstruct();
    new Construct(stack, 'acme');
    const made = [...ids].map(([, id = '']) => new Construct(stack, id).node.id);
    expect(made).toHaveLength(9);
  });

  test('are given out once, whatever their capitals', () => {
    const names = new Names(['Main']);
    expect(['main', 'x', 'X', 'v2', 'v2', 'y'].map((name) => names.take(name))).toEqual(['main2', 'x', 'X2', 'v2', 'v2_2', 'y']);
    expect([names.take('x', 'y', 'z'), names.take('x', 'y', 'z')]).toEqual(['z', 'x3']);
  });

  test('of a glob are those with any text for * and any character for ?', () => {
    const matches = (glob: string, text: string) => globOf(glob).test(text);
    expect([matches('a/*', 'a/b/c'), matches('a?', 'ab'), matches('a?', 'a'), matches('a.b', 'axb'), matches('b', 'abc')]).toEqual([
      ...[true, true, false, false, false],
    ]);
  });
});
