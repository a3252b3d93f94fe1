import { join } from 'node:path';
import * as ts from 'typescript';

/** The definition of a resource of an in-house API; each test changes a part of it. */
const definition = `import { attr, defineResource, error, known, knownItems, nested, secret, z } from '../../src/schema/define';

export const team = defineResource({
  type: 'acme_team',
  description: 'A team.',
  attributes: {
    /** What the team is called. */
    name: attr(z.string(), 'Name of the team.', { forceNew: true }),
    size: attr(z.int().default(1), 'How many people it has.'),
    tags: attr(z.set(z.string()).optional(), 'Words for it.', { semanticEquals: (a, b) => a.join() === b.join() }),
    lead: attr(
      nested({
        /** Who leads it. */
        user: attr(z.string(), 'A user.'),
      }).optional(),
      'Who leads it.',
    ),
    id: attr(z.string(), 'Id that the server gives it.', { computed: true }),
    url: attr(z.string(), 'Where it is.'),
    ...secret('token', 'What it logs in with.'),
  },
  key: ['name'],
  derived: { url: ({ name }, { endpoint }) => \`\${endpoint}/\${name.toUpperCase()}\` },
  read: async ({ client, key, hints }) => ({ name: key.name, id: hints?.id ?? client.endpoint }),
  create: async ({ values }) => ({ size: values.size + 1, user: values.lead?.user ?? '', tags: [...(values.tags ?? [])] }),
  update: async ({ values, prior }) => ({ changed: values.size !== prior?.size }),
  remove: async ({ state }) => state.tokenWo ?? state.id,
  list: { fetch: async () => [], keyOf: (entry) => (entry.name === 'none' ? undefined : { name: 'a' }) },
  checks: [({ size, tags }) => (known(size) === 0 ? knownItems(tags).map(([index, tag]) => error('Bad', tag.trim(), ['tags', index])) : [])],
  planChecks: [async ({ planned, prior, find }) => ((await find(/^acme_/, { name: known(planned.name) ?? prior?.name ?? '' })) ? [] : [])],
  example: { minimal: { name: 'core' }, full: { name: 'core', size: 3 } },
});
`;

const file = join(__dirname, 'team.ts');

/** A compiler that keeps what it knows of all else while a test changes the definition, which is in no folder. */
const compiler = (() => {
  const root = join(__dirname, '../..');
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, root);
  let [text, version] = [definition, 0];
  const read = (name: string): string | undefined => (name === file ? text : ts.sys.readFile(name));
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(version) : '0'),
    getScriptSnapshot: (name) => {
      const content = read(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => ({ ...options, types: ['node'] }),
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: read,
  });
  const load = (next: string): void => {
    [text, version] = [next, version + 1];
  };
  return {
    problems(next: string): string {
      load(next);
      const found = [...service.getSyntacticDiagnostics(file), ...service.getSemanticDiagnostics(file)];
      return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join('\n');
    },
    comment(next: string, at: number): string {
      load(next);
      return ts.displayPartsToString(service.getQuickInfoAtPosition(file, at)?.documentation);
    },
  };
})();

/** What the compiler says of the definition with one text in place of another. */
function problems(before = '', after = ''): string {
  if (!definition.includes(before)) throw new Error(`the definition has no ${before}`);
  return compiler.problems(definition.replace(before, after));
}

test('a definition whose hooks use its attributes compiles', () => expect(problems()).toBe(''));

test.each<[string, string, string, string]>([
  ['a misspelt attribute in read', 'key.name', 'key.nmae', "Property 'nmae' does not exist"],
  ['an attribute that is not in the key', 'name: key.name', 'name: key.size', "Property 'size' does not exist"],
  ['a misspelt attribute in hints', 'hints?.id', 'hints?.idd', "Property 'idd' does not exist"],
  ['a misspelt attribute in create', 'values.size + 1', 'values.sise + 1', "Property 'sise' does not exist"],
  ['a misspelt member of a nested object', 'values.lead?.user', 'values.lead?.usr', "Property 'usr' does not exist"],
  ['a text where there is a number', 'values.size + 1', 'values.size.trim()', "Property 'trim' does not exist on type 'number'"],
  ['an optional value that is taken for set', 'values.tags ?? []', 'values.tags', "must have a '[Symbol.iterator]()' method"],
  ['a misspelt attribute in the state', 'state.tokenWo', 'state.tokenWO', "Property 'tokenWO' does not exist"],
  ['a prior state that is taken for granted', 'prior?.size', 'prior.size', "'prior' is possibly 'undefined'"],
  ['a misspelt attribute in derived', '({ name }, { endpoint })', '({ nmae: name }, { endpoint })', "Property 'nmae' does not exist"],
  [
    'a derived value of another type',
    '`${endpoint}/${name.toUpperCase()}`',
    'name.length',
    "Type 'number' is not assignable to type 'string | Promise<string | undefined> | undefined'",
  ],
  ['a derived value that is no attribute', 'derived: { url:', 'derived: { link:', "'link' does not exist in type"],
  ['a key that is no attribute', "key: ['name']", "key: ['nom']", '"nom"'],
  ['a missing read', 'read: async ({ client, key, hints })', 'reed: async ({ client, key, hints })', "'reed' does not exist in type"],
  ['a key of a list with another name', "{ name: 'a' }", "{ nom: 'a' }", "Property 'name' is missing in type '{ nom"],
  ['a misspelt attribute in a check', '({ size, tags }) =>', '({ sise: size, tags }) =>', "Property 'sise' does not exist"],
  [
    'an unknown value that is taken for known',
    'known(size) === 0',
    'size > 0',
    "Operator '>' cannot be applied to types 'number | Unknown' and 'number'",
  ],
  ['a misspelt attribute in a check at plan', 'known(planned.name)', 'known(planned.nam)', "Property 'nam' does not exist"],
  ['a comparison of another type', 'a.join() === b.join()', 'a.trim() === b.trim()', "Property 'trim' does not exist"],
  ['a misspelt attribute in an example', "minimal: { name: 'core' }", "minimal: { nmae: 'core' }", "'nmae' does not exist in type"],
  ['a fact that does not exist', '{ forceNew: true }', '{ forcesNew: true }', "'forcesNew' does not exist in type"],
])('%s does not compile', (...[, before, after, message]) => {
  expect(problems(before, after)).toContain(message);
});

test('a definition without read does not compile', () => {
  const without = definition.split('\n').filter((line) => !line.startsWith('  read:'));
  expect(compiler.problems(without.join('\n'))).toContain("Property 'read' is missing in type");
});

test.each([
  ['values.lead?.user', 'user', 'Who leads it.'],
  ['key.name', 'name', 'What the team is called.'],
  ['({ name }, { endpoint })', 'name', 'What the team is called.'],
])('editors show the doc comment of an attribute at %s', (place, word, comment) => {
  expect(compiler.comment(definition, definition.indexOf(place) + place.lastIndexOf(word))).toBe(comment);
});
