import { HttpError } from '../../../errors';
import { type Document, type RouteRequest } from '../../format';
import { type LocalRepository } from '../../repository';
import { MODULE_HEADER } from './links';
import { byVersion, type ModulePackage, readModule, type Stored } from './names';
import { json, linkTo, type Parts } from './providers';

/** The versions of a module, the newest first. */
export async function modulesOf(repository: LocalRepository, name: string, system: string): Promise<Stored<ModulePackage>[]> {
  const files = await repository.list(`modules/${name}/${system}/`);
  const found = files.flatMap((file) => {
    const module = readModule(file.path);
    return module ? [{ ...module, file }] : [];
  });
  // One archive of each version, should there be several.
  return [...new Map(found.map((each) => [each.version, each])).values()].sort(byVersion);
}

/** `v1/modules/{name}/{system}/versions`: what there is. */
export async function showModule(_request: RouteRequest, repository: LocalRepository, [name = '', system = '']: Parts): Promise<Document> {
  const modules = await modulesOf(repository, name, system);
  if (modules.length === 0) throw new HttpError(404, `there is no module ${name}/${system} in ${JSON.stringify(repository.location.name)}`);
  return json({ modules: [{ versions: modules.map(({ version }) => ({ version })) }] });
}

/** `v1/modules/{name}/{system}/{version}/download`: where the archive of a version is. */
export async function showArchive(_request: RouteRequest, repository: LocalRepository, parts: Parts): Promise<Document> {
  const [name = '', system = '', version = ''] = parts;
  const found = (await modulesOf(repository, name, system)).find((each) => each.version === version);
  if (!found) throw new HttpError(404, `module ${name}/${system} has no version ${version} in ${JSON.stringify(repository.location.name)}`);
  const headers = { [MODULE_HEADER]: linkTo(repository, found.file) };
  return { status: 204, contentType: 'text/plain', headers, body: '' };
}
