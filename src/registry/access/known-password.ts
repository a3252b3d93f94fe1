import { isPassword } from '../secrets';

/** The user `admin` of an API that has users of its own, and the password that it is to begin with. */
export interface FirstPassword {
  /** How the API is called. */
  readonly api: string;
  /** The option that sets another password. */
  readonly option: string;
  /** The password that everybody knows. */
  readonly known: string;
  /** What the operator wants it to be. */
  readonly given: string | undefined;
  /** The hash of the password that the user has; undefined if there is no such user yet. */
  readonly hash: string | undefined;
  /** Whether others can reach the API. */
  readonly isExposed: boolean;
}

/**
 * The password that the user `admin` is to get; undefined if it keeps the one that it has, which a user has chosen. Throws an error that says
 * what to do where everybody who reaches the API could log in.
 */
export async function firstPassword({ api, option, known, given, hash, isExposed }: FirstPassword): Promise<string | undefined> {
  if (hash !== undefined && !(await isPassword(known, hash))) return undefined;
  if (given !== undefined && given !== known) return given;
  if (isExposed)
    throw new Error(
      `the user "admin" of ${api} has the password ${JSON.stringify(known)}, which everybody knows, and others can reach this address; set another one with ${option} (REPOFORM_${option.slice(2).replaceAll('-', '_').toUpperCase()}), or add --insecure to let everybody in`,
    );
  return hash === undefined ? known : undefined;
}
