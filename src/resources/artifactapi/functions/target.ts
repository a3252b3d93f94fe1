import type { Target } from '../../../common/client-format';
import { nameProblem } from '../../../common/repository-name';
import { urlProblem } from '../../../common/urls';
import { ArgumentError, attr, z } from '../../../schema/define';

const kinds = ['remote', 'local', 'virtual'] as const;

/** The parameters that name a repository. */
export const targetParameters = {
  endpoint: attr(z.string(), 'Base URL of the server.'),
  kind: attr(z.string(), '`remote`, `local` or `virtual`.'),
  name: attr(z.string(), 'Name of the repository.'),
};

/** The repository that arguments name. Throws an `ArgumentError`. */
export function targetOf({ endpoint, kind: given, name }: { readonly [K in keyof typeof targetParameters]: string }): Target {
  check(urlProblem(endpoint), 'endpoint');
  const kind = kinds.find((one) => one === given);
  if (!kind) throw new ArgumentError(`"${given}" is not a kind of repository; allowed are ${kinds.join(', ')}`, 'kind');
  check(nameProblem(name), 'name');
  return { endpoint, kind, name };
}

function check(problem: string | undefined, argument: string): void {
  if (problem !== undefined) throw new ArgumentError(problem, argument);
}
