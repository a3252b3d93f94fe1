import { join } from 'node:path';
import * as ts from 'typescript';
import { providers } from '../../src/resources';
import { type Field, fieldsOf } from '../../src/schema/define/shape';
import { describe as withKeys } from '../../src/schema/derive/construct/docs';

/** The language service that editors ask, on one file that imports the built package. */
const file = join(__dirname, 'in-the-editor.ts');
const root = join(__dirname, '../..');
const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, root);

let text = '';
let version = 0;
const service = ts.createLanguageService({
  getCompilationSettings: () => ({ ...options, noEmit: true, types: [] }),
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => (name === file ? String(version) : '0'),
  getScriptSnapshot: (name) => {
    const content = name === file ? text : ts.sys.readFile(name);
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
  },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
  fileExists: (name) => name === file || ts.sys.fileExists(name),
  readFile: (name) => (name === file ? text : ts.sys.readFile(name)),
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
  ...(ts.sys.realpath && { realpath: ts.sys.realpath }),
});

const head = `import { TerraformStack, App } from 'cdktf';
import { ArtifactapiProvider, LocalNpm, RemoteDocker, RemoteNpm, Virtual, type RemoteNpmTimeouts } from 'repoform/artifactapi';
import { LocalRepository, RemoteRepository } from 'repoform/bkrepo';
const stack = new TerraformStack(new App(), 's');
declare const npm: RemoteNpm; declare const local: LocalRepository; declare const virtual: Virtual;
`;

/** Puts statements into the file; answers where the cursor is, which `|` marks. */
function cursor(statements: string): number {
  const at = statements.indexOf('|');
  text = head + statements.replace('|', '');
  version += 1;
  return head.length + at;
}

const documentation = (
  parts: { documentation?: ts.SymbolDisplayPart[] | undefined; tags?: ts.JSDocTagInfo[] | undefined } | undefined,
): string =>
  [
    ts.displayPartsToString(parts?.documentation),
    ...(parts?.tags ?? []).map(({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`),
  ].join('\n');

/** What an editor shows at hover. */
function hover(statements: string): { readonly shown: string; readonly doc: string } {
  const info = service.getQuickInfoAtPosition(file, cursor(statements));
  return { shown: ts.displayPartsToString(info?.displayParts), doc: documentation(info) };
}

/** What an editor shows of a name that it offers. */
function completion(statements: string, name: string): { readonly shown: string; readonly doc: string } {
  const details = service.getCompletionEntryDetails(file, cursor(statements), name, undefined, undefined, undefined, undefined);
  return { shown: ts.displayPartsToString(details?.displayParts), doc: documentation(details) };
}

/** How a definition describes an attribute, or a member of one. */
function described(type: string, path: string): string {
  const definition = providers.flatMap(({ resources }) => resources).find((one) => one.type === type);
  let [field, fields] = [undefined as Field | undefined, fieldsOf(definition?.attributes ?? {})];
  for (const key of path.split('.')) {
    field = fields.find((one) => one.key === key);
    fields = field?.shape.kind === 'object' ? [...field.shape.fields] : [];
  }
  if (!field) throw new Error(`${type} has no ${path}`);
  return withKeys(field.description);
}

const base = described('artifactapi_remote_npm', 'baseUrl');
const ttl = described('artifactapi_remote_npm', 'immutableTtl');
const typeText = described('bkrepo_local_repository', 'type');

test.each([
  ["new RemoteNpm(stack, 'a', { name: 'a', base|Url: 'b' });", '(property) RemoteBaseConfig.baseUrl: string', base],
  [
    "new RemoteDocker(stack, 'a', { name: 'a', baseUrl: 'b', immutable|Ttl: 1 });",
    '(property) RemoteBaseConfig.immutableTtl?: number',
    `${ttl}\n@default 0`,
  ],
  ['npm.base|Url;', '(property) RemoteBase.baseUrl: string', base],
  ["npm.base|Url = 'b';", '(property) RemoteBase.baseUrl: string', base],
  [
    "new LocalRepository(stack, 'a', { project: 'p', name: 'a', ty|pe: 'NPM' });",
    '(property) LocalRepositoryConfig.type: RepositoryType',
    typeText,
  ],
  [
    "new RemoteRepository(stack, 'a', { project: 'p', name: 'a', ty|pe: 'NPM', upstreamUrl: '' });",
    '(property) RemoteRepositoryConfig.type: RemoteRepositoryType',
    typeText,
  ],
  [
    "new Virtual(stack, 'a', { name: 'a', package|Type: 'npm' });",
    '(property) packageType: PackageType',
    described('artifactapi_virtual', 'packageType'),
  ],
  [
    "local.visi|bility = 'PERSONAL';",
    '(property) RepositoryBase.visibility: RepositoryVisibility',
    described('bkrepo_local_repository', 'visibility'),
  ],
  ['local.visibility|Input;', '(property) RepositoryBase.visibilityInput: RepositoryVisibility | undefined', ''],
  ['local.putSet|tings({});', '(method) RepositoryBase.putSettings(value: RepositorySettings | IResolvable): void', ''],
  [
    'local.settings.cleanup|Strategy;',
    'RepositorySettingsCleanupStrategyOutputReference',
    described('bkrepo_local_repository', 'settings.cleanupStrategy'),
  ],
  [
    'local.putSettings({ auto|Index: { enabled: true } });',
    'RepositorySettings.autoIndex?: IResolvable | RepositorySettingsAutoIndex',
    `${described('bkrepo_local_repository', 'settings.autoIndex')}\n@default none`,
  ],
  [
    'RemoteNpm.generate|ConfigForImport(stack, "a", "b");',
    'scope: Construct, importToId: string, importFromId: string, provider?: TerraformProvider | undefined): ImportableResource',
    'Makes an import block',
  ],
])('the editor on %s', (statements, shown, doc) => {
  const info = hover(statements);
  expect(info.shown).toContain(shown);
  expect(info.doc).toContain(doc);
});

test.each([
  ["new RemoteNpm(stack, 'a', { name: 'a', baseUrl: 'b', | });", 'immutableTtl', `${ttl}\n@default 0`],
  ["new LocalRepository(stack, 'a', { project: 'p', name: 'a', | });", 'type', typeText],
  [
    "new LocalRepository(stack, 'a', { project: 'p', name: 'a', type: 'NPM', settings: { | } });",
    'system',
    described('bkrepo_local_repository', 'settings.system'),
  ],
  ['npm.|', 'baseUrl', base],
  ['npm.timeouts.|', 'create', described('artifactapi_remote_npm', 'timeouts.create')],
])('completion in %s offers %s with its documentation', (statements, name, doc) => {
  expect(completion(statements, name).doc).toContain(doc);
});

test('the texts that a union allows are offered, at configurations and at setters', () => {
  const offered = (statements: string): string[] =>
    (service.getCompletionsAtPosition(file, cursor(statements), undefined)?.entries ?? []).map(({ name }) => name);
  expect(offered("new Virtual(stack, 'a', { name: 'a', packageType: '|' });")).toEqual(expect.arrayContaining(['helm', 'npm', 'pypi']));
  expect(offered("local.visibility = '|';")).toEqual(expect.arrayContaining(['PERSONAL', 'PROJECT', 'SYSTEM']));
});

test('a former name of a type compiles and is struck through', () => {
  cursor("const bounds: RemoteNpmTimeouts = { create: '5m' };\nnew RemoteNpm(stack, 'a', { name: 'a', baseUrl: 'b', timeouts: bounds });|");
  expect(service.getSemanticDiagnostics(file)).toEqual([]);
  expect(
    service
      .getSuggestionDiagnostics(file)
      .filter(({ reportsDeprecated }) => reportsDeprecated)
      .map(({ messageText }) => messageText),
  ).toEqual(["'RemoteNpmTimeouts' is deprecated."]);
});

test('a function can take any remote, by the base of all', () => {
  cursor(`import type { RemoteBase } from 'repoform/artifactapi';
const block = (remote: RemoteBase): void => { remote.blocklist = [...(remote.blocklistInput ?? []), '[.]exe$']; };
block(npm); block(new RemoteDocker(stack, 'd', { name: 'd', baseUrl: 'https://registry.example.com' }));|`);
  expect(service.getSemanticDiagnostics(file)).toEqual([]);
});
