import { warning } from '../../common/diagnostic';
import { clientNameProblem } from '../../common/repository-name';
import type { RepositoryKind } from '../../common/repository-url';
import type { Check } from '../../schema/define/resource';

/** Why clients of a package type cannot use a repository by its name, or nothing when they can. */
export type ClientNames = (name: string, kind: RepositoryKind) => string | undefined;

/** Warns of a name that the server takes and clients do not; what is on the server already can still be managed. */
export function clientNames(kind: RepositoryKind, problemOf: (config: Parameters<Check>[0]) => ClientNames | undefined): Check {
  return (config) => {
    const { name } = config;
    const problem = typeof name === 'string' ? (problemOf(config)?.(name, kind) ?? clientNameProblem(name)) : undefined;
    return problem === undefined
      ? []
      : [warning('Name Clients Cannot Use', `"name": the server takes "${String(name)}", but ${problem}. Choose another name.`, ['name'])];
  };
}

/** Warns of a user name that comes without a password: few upstreams take that, and it is mostly forgotten. */
export const passwordForUser: Check = ({ username, password = null, password_wo: writeOnly = null }) =>
  typeof username === 'string' && username !== '' && password === null && writeOnly === null
    ? [
        warning(
          'User Name Without a Password',
          '"username" is set, but neither "password_wo" nor "password" is, so the upstream is asked with an empty password. Set "password_wo", or leave out "username".',
          ['username'],
        ),
      ]
    : [];
