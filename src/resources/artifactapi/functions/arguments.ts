import { ArgumentError } from '../../../schema/define/errors';
import type { RepositoryKind } from '../../../common/repository-url';
import { nameProblem } from '../../../common/repository-name';
import { urlProblem } from '../../../common/urls';
import type { Value } from '../../../common/value';
import type { Target } from '../../../common/client-config';
import type { TerraformParameter } from '../../../schema/derive/terraform';

/** The parameters that name a repository. */
export const targetParameters: readonly TerraformParameter[] = [
  { name: 'endpoint', type: 'string', description: 'Base URL of the server.' },
  { name: 'kind', type: 'string', description: '`remote`, `local` or `virtual`.' },
  { name: 'name', type: 'string', description: 'Name of the repository.' },
];

const kinds: readonly string[] = ['remote', 'local', 'virtual'];

/** The repository that arguments name, of which the first is at `from`. Throws an `ArgumentError`. */
export function targetOf(args: readonly Value[], from: number): Target {
  const [endpoint, kind, name] = args.slice(from).map(String) as [string, string, string];
  check(urlProblem(endpoint), from);
  check(kinds.includes(kind) ? undefined : `"${kind}" is no kind of repository; allowed are ${kinds.join(', ')}`, from + 1);
  check(nameProblem(name), from + 2);
  return { endpoint, kind: kind as RepositoryKind, name };
}

function check(problem: string | undefined, argument: number): void {
  if (problem !== undefined) throw new ArgumentError(problem, argument);
}
