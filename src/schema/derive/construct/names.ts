import { pascalCase } from '../../../common/names';

/** The class names that cdktf's own generator gives a suffix, for they are words of the languages it writes. */
const words = new Set(['Object', 'String', 'Function']);

/** `artifactapi_remote_npm` of the provider `artifactapi` to `RemoteNpm`. */
export function resourceClass(provider: string, type: string): string {
  const name = pascalCase(type.replace(new RegExp(`^${provider}_`), ''));
  return words.has(name) ? `${name}Resource` : name;
}

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

/** `RemoteNpm` to `remote-npm`, the file it is in. */
export function fileOf(className: string): string {
  return className.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** `banTags` to `BanTags`. */
export function capital(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}
