import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import * as z from 'zod';
import { providers } from '../../src/resources';
import { attr, type Attributes } from '../../src/schema/define/attribute';
import { nested } from '../../src/schema/define/nested';
import { timeouts } from '../../src/schema/define/timeouts';
import { fieldsOf } from '../../src/schema/define/shape';
import { familiesOf } from '../../src/schema/derive/construct/families';
import { commonWords, resourceClass } from '../../src/schema/derive/construct/names';
import { typesOf } from '../../src/schema/derive/construct/sharing';
import { classFiles as filesOf } from '../../src/schema/derive/construct/class-files';
import { type ClassSource, sourcesOf } from '../../src/schema/derive/construct/source';

const classFiles = (sources: readonly ClassSource[]): ReturnType<typeof filesOf> => filesOf(sources, { header: '', providerPackage: '' });
const source = (className: string, attributes: Attributes, kind: ClassSource['kind'] = 'resource'): ClassSource => ({
  className,
  kind,
  type: `acme_${className.toLowerCase()}`,
  provider: 'acme',
  description: 'Made up.',
  fields: fieldsOf(attributes),
});

const colour = (texts: readonly string[] = ['red', 'green']): Attributes => ({
  colour: attr(z.enum(texts as string[]).optional(), 'Colour of it.'),
});
const limits = (description = 'Most of it.'): Attributes => ({
  limits: attr(nested({ most: attr(z.int().optional(), description), ...colour() }).optional(), 'Limits of it.'),
});
const plain: Attributes = {
  title: attr(z.string(), 'Title of it.'),
  size: attr(z.int().optional(), 'Size of it.'),
  url: attr(z.string(), 'Where it is.', { computed: true }),
};

const named = (sources: readonly ClassSource[]): string[] =>
  typesOf(sources).types.map(({ kind, name, uses }) => `${kind} ${name} ${uses.map((use) => use.source.className).join(' ')}`);

test('words that class names have in common', () => {
  expect(commonWords(['RemoteNpm', 'RemotePypi'])).toBe('Remote');
  expect(commonWords(['LocalRepository', 'RemoteRepository'])).toBe('Repository');
  expect(commonWords(['Team', 'TeamMember'])).toBe('Team');
  expect(commonWords(['Team', 'Teams', 'Role'])).toBe('');
});

test('equal nested objects and texts are one type, named by what their classes have in common', () => {
  const classes = [source('FastCar', limits()), source('SlowCar', limits()), source('Bus', { ...plain, ...colour() })];
  expect(named(classes)).toEqual([
    'union Colour FastCar SlowCar Bus',
    'input CarLimits FastCar SlowCar',
    'output CarLimits FastCar SlowCar',
  ]);
});

test('what every resource has needs no further word, and data sources follow', () => {
  const classes = [source('FastCar', limits()), source('SlowCar', limits()), source('DataAcmeCars', limits(), 'dataSource')];
  expect(named(classes)).toContain('input Limits FastCar SlowCar DataAcmeCars');
  const two = [source('FastCar', colour()), source('Bus', {}), source('DataAcmeCars', colour(), 'dataSource')];
  expect(named(two)).toEqual(['union CarColour FastCar DataAcmeCars']);
});

test('the type of an attribute that every resource has keeps its name when a second resource comes', () => {
  const all = { ...plain, ...timeouts };
  expect(named([source('Team', all)])).toEqual(['input Timeouts Team', 'output Timeouts Team']);
  expect(named([source('Team', all), source('Role', all)])).toEqual(['input Timeouts Team Role', 'output Timeouts Team Role']);
});

test('no class or type has the name of something that generated files import', () => {
  expect(['acme_token', 'acme_resource', 'acme_object', 'acme_team'].map((type) => resourceClass('acme', type))).toEqual([
    'TokenResource',
    'ResourceResource',
    'ObjectResource',
    'Team',
  ]);
  const token = { token: attr(nested({ text: attr(z.string(), 'Text of it.') }).optional(), 'Token of it.') };
  expect(named([source('Car', token), source('Bus', token)])).toContain('input CarToken Car Bus');
});

test.each([
  ['another description', limits('At most so much.')],
  ['a member that must be set', { limits: attr(nested({ most: attr(z.int(), 'Most of it.'), ...colour() }).optional(), 'Limits of it.') }],
  [
    'other texts',
    { limits: attr(nested({ most: attr(z.int().optional(), 'Most of it.'), ...colour(['red']) }).optional(), 'Limits of it.') },
  ],
])('%s makes another type', (_, other) => {
  expect(named([source('FastCar', limits()), source('SlowCar', other)]).filter((one) => one.startsWith('input'))).toEqual([
    'input FastCarLimits FastCar',
    'input SlowCarLimits SlowCar',
  ]);
});

test('a name that a class has is left to it', () => {
  const classes = [source('Limits', plain), source('Car', limits()), source('Bus', limits()), source('Plane', {})];
  expect(named(classes)).toContain('input CarLimits Car Bus');
});

test('classes that share attributes get a base, without those that only sound alike', () => {
  const classes = [
    source('LocalNpm', { ...plain, ...colour() }),
    source('LocalHelm', plain),
    source('LocalPypi', { size: attr(z.int().optional(), 'Another size.'), ...plain }),
    source('LocalFile', { title: attr(z.string(), 'Another title.') }),
    source('Npm', plain),
  ];
  expect(
    familiesOf(classes).map(({ className, members, fields }) => [
      className,
      members.map((one) => one.className),
      fields.map(({ key }) => key),
    ]),
  ).toEqual([['LocalBase', ['LocalNpm', 'LocalHelm', 'LocalPypi'], ['title', 'size', 'url']]]);
  expect(familiesOf(classes.slice(0, 2))).toEqual([]);
  expect(familiesOf([...classes, source('LocalBase', {})])).toEqual([]);
});

test('a specification keeps the order of a definition, whatever its base has', () => {
  const keys = ['title', 'size', 'note'] as const;
  const all: Attributes = { ...plain, note: attr(z.string().optional(), 'Note.') };
  const others = Object.fromEntries([1, 2, 3].map((n) => [`own${n}`, attr(z.string().optional(), 'Own.')])) as Attributes;
  fc.assert(
    fc.property(fc.shuffledSubarray([...keys, 'own1', 'own2', 'own3'], { minLength: 1 }), (order) => {
      const attributes = Object.fromEntries([...new Set([...order, ...keys])].map((key) => [key, all[key] ?? others[key]])) as Attributes;
      const classes = [source('LocalNpm', all), source('LocalHelm', all), source('LocalPypi', attributes)];
      const files = new Map(classFiles(classes).map(({ name, text }) => [name, text]));
      const base = /Attributes: readonly AttributeSpec\[\] = (\[[\s\S]*?\n\])/.exec(files.get('local-base') ?? '')?.[1] ?? '[]';
      const spec = /const spec: TypeSpec = (\{[\s\S]*?\n\});/.exec(files.get('local-pypi') ?? '')?.[1] ?? '{}';
      const evaluated = new Function('localBaseAttributes', `return ${spec}`)(new Function(`return ${base}`)()) as {
        attributes: { key: string }[];
      };
      expect(evaluated.attributes.map(({ key }) => key)).toEqual(Object.keys(attributes));
    }),
  );
});

/** Classes that differ in one fact of one attribute each. */
const text = z.string();
const almostAlike = [
  attr(text.optional(), 'Note of it.'),
  attr(text.optional(), 'Another note of it.'),
  attr(text, 'Note of it.'),
  attr(text.optional(), 'Note of it.', { forceNew: true }),
  attr(text.optional(), 'Note of it.', { deprecated: 'Use another.' }),
  attr(text.optional(), 'Note of it.', { writeOnly: true }),
  attr(text.default('a'), 'Note of it.'),
  attr(text, 'Note of it.', { computed: true }),
  attr(z.int().optional(), 'Note of it.'),
].map((note, index) => source(`Car${'ABCDEFGHI'.charAt(index)}`, { ...plain, note, limits: limits()['limits'] as Attributes[string] }));

describe('sharing changes nothing of a class', () => {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-alone-'));
  const root = join(__dirname, '../..');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes the files; answers the names of those that have the classes. */
  function write(path: string, files: ReturnType<typeof filesOf>): void {
    mkdirSync(path, { recursive: true });
    const executable = `import { ownPackage } from '${root}/constructs/provider/provider-package';\nexport const providerPackage = ownPackage('made');\n`;
    writeFileSync(join(path, 'provider.package.ts'), executable);
    for (const { name, text } of files) writeFileSync(join(path, `${name}.ts`), text.replaceAll("'../../", `'${root}/constructs/`));
  }

  const sets = [...providers.map(sourcesOf), almostAlike];
  const sources = sets.flat();
  for (const set of sets) write(join(folder, set[0]?.provider ?? ''), classFiles(set));
  for (const one of sources) write(join(folder, 'alone', one.className), classFiles([one]));
  const fileOf = (at: string, one: ClassSource): string => join(folder, at, `${classFiles([one])[0]?.name}.ts`);
  const places = sources.map((one) => ({ one, shared: fileOf(one.provider, one), alone: fileOf(`alone/${one.className}`, one) }));

  let program: ts.Program;
  beforeAll(() => {
    const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, root);
    const paths = Object.fromEntries(['cdktf', 'constructs'].map((name) => [name, [join(root, 'node_modules', name)]]));
    const files = places.flatMap(({ shared, alone }) => [shared, alone]);
    program = ts.createProgram(files, { ...options, noEmit: true, paths, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] });
  });

  /** What a class or a configuration has: its members with their comments, by name. */
  function membersOf(file: string, name: string): { readonly type: ts.Type; readonly members: Readonly<Record<string, string>> } {
    const checker = program.getTypeChecker();
    const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
    const symbol = checker.getExportsOfModule(module).find((one) => one.name === name) as ts.Symbol;
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const members = checker.getPropertiesOfType(type).map((member) => {
      const tags = member.getJsDocTags(checker).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`);
      const optional = (member.flags & ts.SymbolFlags.Optional) !== 0;
      return [member.name, [optional, ts.displayPartsToString(member.getDocumentationComment(checker)), ...tags].join('\n')] as const;
    });
    return { type, members: Object.fromEntries(members) };
  }

  test('everything compiles', () => {
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  });

  test.each(places)('of $one.className', ({ one, shared, alone }) => {
    for (const name of [one.className, `${one.className}Config`]) {
      const [together, single] = [membersOf(shared, name), membersOf(alone, name)];
      expect(together.members).toEqual(single.members);
      expect(Object.keys(single.members).length).toBeGreaterThan(3);
      const checker = program.getTypeChecker();
      expect([checker.isTypeAssignableTo(together.type, single.type), checker.isTypeAssignableTo(single.type, together.type)]).toEqual([
        true,
        true,
      ]);
    }
  });
});
