import { pascalCase } from '../../../common/names';
import { importedNames } from './imports';

/** Class names to which cdktf's own generator adds a suffix, because they are reserved in the languages it writes, and those that generated files import. */
export const reservedNames: ReadonlySet<string> = new Set(['Object', 'String', 'Function', ...importedNames]);

/** `artifactapi_remote_npm` of the provider `artifactapi` to `RemoteNpm`. */
export function resourceClass(provider: string, type: string): string {
  const name = pascalCase(type.replace(new RegExp(`^${provider}_`), ''));
  return reservedNames.has(name) ? `${name}Resource` : name;
}

/** `artifactapi_evict_objects` of the provider `artifactapi` to `EvictObjects`. */
export const actionClass = resourceClass;

/** `artifactapi_remotes` to `DataArtifactapiRemotes`. */
export function dataSourceClass(type: string): string {
  return `Data${pascalCase(type)}`;
}

/** `bkrepo_user_token` to `EphemeralBkrepoUserToken`. */
export function ephemeralClass(type: string): string {
  return `Ephemeral${pascalCase(type)}`;
}

/** `artifactapi` to `ArtifactapiProvider`. */
export function providerClass(provider: string): string {
  return `${pascalCase(provider)}Provider`;
}

/** `artifactapi` to `ArtifactapiFunctions`. */
export function functionsClass(provider: string): string {
  return `${pascalCase(provider)}Functions`;
}

/** `RemoteNpm` to `remote-npm`, the name of its file; `index` is the one that exports all others. */
export function fileOf(className: string): string {
  const name = className.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  return name === 'index' ? 'index-class' : name;
}

/** `banTags` to `BanTags`. */
export function capital(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** `RemoteNpm` to `Remote` and `Npm`. */
export function wordsOf(name: string): string[] {
  return name.match(/[A-Z][^A-Z]*/g) ?? [name];
}

/** The words that all names begin with or, where they begin differently, end with. */
export function commonWords(names: readonly string[]): string {
  const split = names.map(wordsOf);
  const first = commonStart(split);
  return (first.length > 0 ? first : commonStart(split.map((words) => words.toReversed())).toReversed()).join('');
}

function commonStart([first = [], ...others]: readonly string[][]): string[] {
  const end = first.findIndex((word, index) => others.some((words) => words[index] !== word));
  return end < 0 ? first : first.slice(0, end);
}
