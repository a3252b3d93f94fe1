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
  readonly passwordWoRevision: MaybeUnknown<number | undefined>;
}

/**
 * Warns of a user name without a password for a new remote: few upstreams accept that, and usually it was forgotten. One that is there has a
 * password on the server, which a configuration that was imported does not need to state.
 */
export function passwordForUser({ planned, prior }: { readonly planned: Credentials; readonly prior?: object }): Diagnostic[] {
  const { username, password, passwordWoRevision } = planned;
  if (prior || !known(username) || password !== undefined || passwordWoRevision !== undefined) return [];
  const detail =
    '"username" is set, but neither "password_wo" nor "password" is, so requests to the upstream use an empty password. Set "password_wo", or remove "username".';
  return [warning('User Name Without a Password', detail, ['username'])];
}
