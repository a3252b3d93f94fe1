import { isToken } from '../../base/token';
import { nearest } from '../../../src/common/nearest';
import { urlProblem } from '../../../src/common/urls';
import type { CatalogRepository, HelmCatalogProps } from './props';

/** What is wrong with a catalogue, beyond what its objects say of themselves. */
export function catalogProblems({ repositories, workspaces, endpoint }: HelmCatalogProps): readonly string[] {
  const names = repositories.map(({ name }) => name);
  const problem = endpoint === undefined || isToken(endpoint) ? undefined : urlProblem(endpoint);
  return [
    ...(repositories.length === 0 ? ['repositories: it is empty; a catalogue needs at least one'] : []),
    ...repeated(names).map((name) => `repositories: the name "${name}" occurs twice`),
    ...expressions('repositories', names),
    ...(workspaces?.length === 0 ? ['workspaces: it is empty; leave it out for a catalogue of the whole platform'] : []),
    ...repeated(workspaces ?? []).map((name) => `workspaces: "${name}" occurs twice`),
    ...expressions('workspaces', workspaces ?? []),
    ...repositories.flatMap((repository) => unknownWorkspaces(repository, workspaces ?? [])),
    ...(workspaces ?? []).flatMap((workspace) =>
      repositories.some((repository) => isSeenIn(repository, workspace)) ? [] : [`workspaces: no repository is for "${workspace}"`],
    ),
    ...(problem === undefined ? [] : [`endpoint: ${problem}`]),
  ];
}

/** Whether a workspace sees the charts of a repository; `undefined` is the platform. */
export const isSeenIn = ({ workspaces }: CatalogRepository, workspace: string | undefined): boolean =>
  workspaces === undefined || workspace === undefined || workspaces.includes(workspace);

const repeated = (names: readonly string[]): string[] => [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];

/** The names are parts of construct ids. */
const expressions = (key: string, names: readonly string[]): string[] =>
  names.some(isToken) ? [`${key}: a name is an expression; objects can be made only from literal names`] : [];

function unknownWorkspaces({ name, workspaces }: CatalogRepository, known: readonly string[]): string[] {
  return (workspaces ?? [])
    .filter((workspace) => !known.includes(workspace))
    .map((workspace) => {
      const meant = nearest(workspace, known);
      const allowed = known.length === 0 ? 'the catalogue has no workspaces' : `those of the catalogue are ${known.join(', ')}`;
      return `repositories "${name}": the workspace "${workspace}" is not one of the catalogue; ${meant ? `did you mean "${meant}"?` : allowed}`;
    });
}
