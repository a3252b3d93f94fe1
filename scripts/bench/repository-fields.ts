/** A repository of BK-Repo as its resource has it. */
export interface RepositoryFields {
  readonly project: string;
  readonly name: string;
  readonly type: 'GENERIC';
  readonly description: string;
}

/** The fields of the repository with this number, where neighbours are in different projects. */
export function repositoryOf(index: number, projects: number, changed = false): RepositoryFields {
  return {
    project: `project-${String(index % projects).padStart(3, '0')}`,
    name: `repository-${String(index).padStart(5, '0')}`,
    type: 'GENERIC',
    description: changed ? 'changed' : 'as it was made',
  };
}
