import type { PackageType } from '../../common/package-type';
import { clientNameProblem } from '../../common/repository-name';
import type { RepositoryKind } from '../../common/repository-url';
import { type Diagnostic, known, type MaybeUnknown, warning } from '../../schema/define';

/** Warns of a name that the server accepts but clients do not; existing repositories of that name can still be managed. */
export function clientNames(
  kind: RepositoryKind,
  given: MaybeUnknown<string | undefined>,
  names?: PackageType['clientNames'],
): Diagnostic[] {
  const name = known(given);
  const problem = name === undefined ? undefined : (names?.(name, kind) ?? clientNameProblem(name));
  if (name === undefined || problem === undefined) return [];
  return [warning('Name Clients Cannot Use', `"name": the server accepts "${name}", but ${problem}. Choose another name.`, ['name'])];
}

interface Credentials {
  readonly username: MaybeUnknown<string | undefined>;
  readonly password: MaybeUnknown<string | undefined>;
  readonly passwordWo: MaybeUnknown<string | undefined>;
}

/** Warns of a user name without a password: few upstreams accept that, and usually it was forgotten. */
export function passwordForUser({ username, password, passwordWo }: Credentials): Diagnostic[] {
  if (!known(username) || password !== undefined || passwordWo !== undefined) return [];
  const detail =
    '"username" is set, but neither "password_wo" nor "password" is, so requests to the upstream use an empty password. Set "password_wo", or remove "username".';
  return [warning('User Name Without a Password', detail, ['username'])];
}
