import { type Document } from '../../format';
import { type LocalRepository } from '../../repository';

const INDEX = /^((?:.*\/)?)repodata\/([^/]+)$/;
const FILE = /^(.+)-([^-]+)-([^-]+)\.([^.-]+)\.rpm$/;

/** The path of an index: the folder that is the root of a repository, with a slash at its end unless it is the top, and the file's name. */
export function readIndexPath(path: string): { readonly folder: string; readonly name: string } | undefined {
  const [, folder, name] = INDEX.exec(path) ?? [];
  return folder === undefined || name === undefined ? undefined : { folder, name };
}

/** The name of the package that a file is of, by the file's own name. */
export function packageNameOf(path: string): string | undefined {
  return FILE.exec(path.slice(path.lastIndexOf('/') + 1))?.[1];
}

/** Whether a repository has a package of the name that a path tells, or may tell. */
export async function hasPackage(path: string, repository: LocalRepository): Promise<boolean> {
  const names = path.split('/').flatMap(namesIn);
  if (names.length === 0 || readIndexPath(path)) return false;
  const own = await namesOf(repository);
  return names.some((name) => own.has(name));
}

/** The names of all packages of a repository. */
export async function namesOf(repository: LocalRepository): Promise<ReadonlySet<string>> {
  const kept = await repository.kept(['names of packages', await repository.revision()], async () => {
    const names = (await repository.list('')).map(({ path }) => packageNameOf(path)).filter((name) => name !== undefined);
    return { contentType: 'application/json', body: JSON.stringify([...new Set(names)]) };
  });
  return new Set(JSON.parse(String(kept.body)) as string[]);
}

/** A document of XML. */
export function xmlDocument(body: Buffer): Document {
  return { contentType: 'application/xml', body };
}

/** The name in a segment that is one of a package's file; of one that is not quite, whatever it begins with may be the name. */
function namesIn(segment: string): string[] {
  const name = packageNameOf(segment);
  if (name !== undefined) return [name];
  if (!segment.includes('.rpm')) return [];
  return segment.split('-').map((_part, index, all) => all.slice(0, index + 1).join('-'));
}
