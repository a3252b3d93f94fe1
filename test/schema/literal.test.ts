import { Expression, hclArguments, quote, templateText, typeScriptLiteral, WIDTH } from '../../src/schema/derive/literal';
import { configurationOf } from '../../src/schema/api/configuration';
import { attr, nested, secret, z } from '../../src/schema/define';
import { fieldsOf } from '../../src/schema/define/shape';

describe('in TypeScript', () => {
  test('texts are in the quotes that they have fewer of', () => {
    expect(["it's", 'say "x"', `both ' "`, 'back\\slash', 'new\nline'].map(quote)).toEqual([
      ...[`"it's"`, `'say "x"'`, `'both \\' "'`, `'back\\\\slash'`, `'new\\nline'`],
    ]);
  });

  test('keys are quoted where they are no names, and members without a value are left out', () => {
    expect(typeScriptLiteral({ a: 1, 'b-c': true, '2': 'x', none: null, no: undefined })).toBe("{ '2': 'x', a: 1, 'b-c': true }");
    expect(typeScriptLiteral({ name: new Expression('name', ''), other: new Expression('name', '') })).toBe('{ name, other: name }');
    expect([typeScriptLiteral({}, { broken: true }), typeScriptLiteral([])]).toEqual(['{}', '[]']);
  });

  test('what is as wide as the line stays on it', () => {
    const text = 'x'.repeat(WIDTH - "{ a: '' }".length);
    expect(typeScriptLiteral({ a: text })).toBe(`{ a: '${text}' }`);
    const broken = `{\n    a: '${text}',\n  }`;
    expect([typeScriptLiteral({ a: text }, { beside: 1 }), typeScriptLiteral({ a: text }, { indent: ' ' })]).toEqual([
      broken.replaceAll(/^ {2}/gm, ''),
      broken.replaceAll(/^ {2}/gm, ' ').replace('   a', '   a'),
    ]);
  });

  test('several objects in a list are one below the other', () => {
    expect(typeScriptLiteral({ list: [{ a: 1 }, { a: 2 }] })).toBe('{\n  list: [\n    { a: 1 },\n    { a: 2 },\n  ],\n}');
    expect(typeScriptLiteral({ list: [{ a: 1 }] })).toBe('{ list: [{ a: 1 }] }');
  });
});

describe('in HCL', () => {
  const fields = fieldsOf({
    someList: attr(z.array(nested({ innerName: attr(z.string(), 'Inner.') })), 'List.'),
    someMap: attr(z.record(z.string(), z.string()), 'Map.'),
  });
  test('attributes are in snake_case, keys of maps stay as they are', () => {
    const written = hclArguments(
      { someList: [{ innerName: 'a' }], someMap: { camelKey: 'x', 'a b': 'y' }, none: null },
      { shape: { kind: 'object', fields }, indent: '' },
    );
    expect(written).toBe('some_list = [{\n  inner_name = "a"\n}]\nsome_map = {\n  camelKey = "x"\n  "a b"    = "y"\n}\n');
  });

  test('equals signs are aligned between values of several lines, and objects of a list are one below the other', () => {
    const config = { a: 1, longer: 2, list: [{ x: 1 }, { x: 2 }], b: true, empty: {} };
    expect(hclArguments(config, { shape: undefined, indent: '' })).toBe(
      'a      = 1\nlonger = 2\nlist = [\n  {\n    x = 1\n  },\n  {\n    x = 2\n  },\n]\nb     = true\nempty = {}\n',
    );
  });

  test('texts have only the escapes of HCL', () => {
    expect(hclArguments({ a: '\b\f\\b\t' }, { shape: undefined, indent: '' })).toBe('a = "\\u0008\\u000c\\\\b\\t"\n');
  });

  test('nothing in a text is a template', () => {
    expect(templateText('${a} %{b} $c % {d} $${e}')).toBe('$${a} %%{b} $c % {d} $$${e}');
    expect(hclArguments({ a: '${x}"\n' }, { shape: undefined, indent: '' })).toBe('a = "$${x}\\"\\n"\n');
    expect(hclArguments({ to: new Expression('', 'var.x') }, { shape: undefined, indent: '' })).toBe('to = var.x\n');
  });
});

test('what cannot be seen is an escape in both languages', () => {
  const text = 'a\u202eb\u009bc\u2028d\u{1f468}\u200d\u{1f469}';
  expect(quote(text)).toBe("'a\\u202eb\\u009bc\\u2028d\u{1f468}\u200d\u{1f469}'");
  expect(hclArguments({ a: text }, { shape: undefined, indent: '' })).toBe('a = "a\\u202eb\\u009bc\\u2028d\u{1f468}\u200d\u{1f469}"\n');
});

test('a member called __proto__ is one like any other', () => {
  const value: unknown = JSON.parse('{"__proto__":"x","a":"b"}');
  for (const broken of [true, false])
    expect(JSON.stringify(new Function(`return ${typeScriptLiteral(value, { broken })}`)())).toBe('{"__proto__":"x","a":"b"}');
});

test('a configuration states what is neither unset, a default, secret, nor the server’s own', () => {
  const fields = fieldsOf({
    name: attr(z.string(), 'Name.'),
    needed: attr(z.array(z.string()), 'Required, and perhaps empty.'),
    tags: attr(z.set(z.string()).default(new Set()), 'Defaulted set.'),
    list: attr(z.array(z.string()).default(['a']), 'Defaulted list.'),
    size: attr(z.int().default(3), 'Defaulted.'),
    id: attr(z.string(), 'Server.', { computed: true }),
    owner: attr(z.string().optional(), 'Server, where it is unset.', { computed: true }),
    found: attr(z.array(z.string()).optional(), 'Server, where it is unset.', { computed: true }),
    period: attr(z.string().default('60s'), 'Period.', {
      semanticEquals: (a, b) => a === b || (a === '1m' && b === '60s') || (a === '60s' && b === '1m'),
    }),
    parts: attr(z.array(nested({ key: attr(z.string(), 'Key.'), on: attr(z.boolean().default(true), 'On.') })).default([]), 'Parts.'),
    byName: attr(z.record(z.string(), nested({ on: attr(z.boolean().default(true), 'On.') })).default({}), 'Map.'),
    ...secret('password', 'Password.'),
  });
  const usual = {
    name: 'x',
    needed: [],
    tags: [],
    list: ['a'],
    size: 3,
    id: '1',
    owner: 'me',
    found: [],
    period: '1m',
    password_wo: 'x',
  };
  const unsaid = Object.fromEntries(fields.map(({ name }) => [name, null]));
  expect(configurationOf(fields, usual)).toEqual({ ...unsaid, name: 'x', needed: [], owner: 'me' });
  const own = { tags: ['t'], list: ['b'], period: '2m', found: ['f'], password: 'known' };
  expect(configurationOf(fields, { ...usual, ...own })).toEqual({ ...unsaid, name: 'x', needed: [], owner: 'me', ...own });
  const deep = configurationOf(fields, {
    parts: [
      { key: 'a', on: true },
      { key: 'b', on: false },
    ],
    by_name: { one: { on: true } },
  });
  expect([deep['parts'], deep['by_name']]).toEqual([
    [
      { key: 'a', on: null },
      { key: 'b', on: false },
    ],
    { one: { on: null } },
  ]);
});
