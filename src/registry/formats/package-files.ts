import { type LocalRepository } from './repository';

/** Package types whose files tell the names of their packages. */
export interface PackageFiles {
  /** The names of all packages of a repository. */
  namesOf(repository: LocalRepository): Promise<ReadonlySet<string>>;
  /** Whether a repository has a package of the name that a path tells, or may tell. */
  has(path: string, repository: LocalRepository): Promise<boolean>;
  /** The names that any of some repositories has, sorted. */
  internal(owners: readonly LocalRepository[]): Promise<readonly string[]>;
}

/** Takes what the names of files end with, and a pattern whose first group is the name of the package in that of a file. */
export function packageFiles(ending: string, pattern: RegExp): PackageFiles {
  const nameIn = (segment: string): string | undefined => pattern.exec(segment)?.[1];
  /** The name in a segment of a path; one that is not quite the name of a file may be of any package whose name it begins with. */
  const namesIn = (segment: string): string[] => {
    const name = nameIn(segment);
    if (name !== undefined) return [name];
    if (!segment.includes(ending)) return [];
    return segment.split('-').map((_part, index, all) => all.slice(0, index + 1).join('-'));
  };
  const namesOf = async (repository: LocalRepository): Promise<ReadonlySet<string>> => {
    const kept = await repository.kept(['names of packages', await repository.revision()], async () => {
      const names = (await repository.list('')).map(({ path }) => nameIn(path.slice(path.lastIndexOf('/') + 1)));
      return { contentType: 'application/json', body: JSON.stringify([...new Set(names.filter((name) => name !== undefined))]) };
    });
    return new Set(JSON.parse(String(kept.body)) as string[]);
  };
  return {
    namesOf,
    async has(path, repository) {
      const names = path.split('/').flatMap(namesIn);
      if (names.length === 0) return false;
      const own = await namesOf(repository);
      return names.some((name) => own.has(name));
    },
    async internal(owners) {
      const names = await Promise.all(owners.map(namesOf));
      return [...new Set(names.flatMap((each) => [...each]))].sort();
    },
  };
}
