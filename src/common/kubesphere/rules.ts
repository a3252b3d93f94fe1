import { type Unknown } from '../value';
import { schemeOf } from './url';

/** The most bytes of a description that servers keep; they cut it there, even within a character. */
const mostBytes = 512;

/** The longest description in characters that KubeSphere's form accepts. */
const mostCharacters = 256;

/** The problem with a description; nothing if it has none. */
export function descriptionProblem(description: string): string | undefined {
  const { length } = new TextEncoder().encode(description);
  return length > mostBytes ? `it has ${length} bytes in UTF-8; the server would cut it at ${mostBytes}` : undefined;
}

/** A doubt about a valid description; nothing if there is none. */
export function descriptionDoubt(description: string): string | undefined {
  const { length } = [...description];
  return length > mostCharacters
    ? `it has ${length} characters; KubeSphere's own form accepts ${mostCharacters}, so whoever edits the repository there has to shorten it`
    : undefined;
}

/** A problem with one attribute, by its camelCase name. */
export interface Problem {
  readonly attribute: string;
  /** What is wrong, the value given, what is allowed, what to do; never a secret. */
  readonly text: string;
}

/** A text that is perhaps known only at deployment; `undefined` if it is not set. */
export type Given = string | Unknown | undefined;

/** What the rules across attributes look at. */
export interface Credentials {
  readonly url: Given;
  readonly type?: Given;
  readonly username?: Given;
  readonly password?: Given;
  readonly accessKeyId?: Given;
  readonly secretAccessKey?: Given;
}

/** The problems with the credentials of a repository, and with a `type` other than its URL's. Values that are not known yet pass. */
export function credentialProblems(given: Credentials): readonly Problem[] {
  const { url, type, username, password, accessKeyId, secretAccessKey } = given;
  const scheme = typeof url === 'string' ? schemeOf(url) : undefined;
  const problems: Problem[] = [];
  const add = (attribute: string, text: string): void => void problems.push({ attribute, text });
  if (typeof type === 'string' && scheme !== undefined && type !== scheme)
    add('type', `"${type}" is not the type of "${String(url)}", which is ${scheme}; leave it out, or correct the URL`);
  if (username === '') add('username', 'it is empty; the server would send no credentials. Leave it out, or set it');
  if (typeof username === 'string' && username.includes(':'))
    add('username', 'it contains ":", which would end the user name in basic authentication; use a user name without it');
  if (password === '') add('password', 'it is empty; the server would send no credentials. Leave it out, or set it');
  if (isSet(username) !== isSet(password))
    add(
      isSet(username) ? 'username' : 'password',
      `it is set without ${isSet(username) ? 'a password' : 'a user name'}; set both or neither`,
    );
  return [...problems, ...keyProblems({ scheme, accessKeyId, secretAccessKey, user: isSet(username) || isSet(password) })];
}

interface Keys extends Pick<Credentials, 'accessKeyId' | 'secretAccessKey'> {
  readonly scheme: string | undefined;
  readonly user: boolean;
}

function keyProblems({ scheme, accessKeyId, secretAccessKey, user }: Keys): Problem[] {
  const problem = (attribute: string, text: string): Problem[] => [{ attribute, text }];
  if (user && (isSet(accessKeyId) || isSet(secretAccessKey)))
    return problem('accessKeyId', 'it is set together with a user name or password; a repository has one kind of credentials');
  if (isSet(accessKeyId) !== isSet(secretAccessKey))
    return isSet(accessKeyId)
      ? problem('accessKeyId', 'it is set without a secret access key; set both or neither')
      : problem('secretAccessKey', 'it is set without an access key id; set both or neither');
  if (accessKeyId === '') return problem('accessKeyId', 'it is empty; set the id of the access key');
  if (secretAccessKey === '') return problem('secretAccessKey', 'it is empty; set the secret access key');
  if (scheme === undefined) return [];
  if (scheme === 's3' && !isSet(accessKeyId))
    return problem(
      'accessKeyId',
      'it is missing; a repository of type s3 requires an access key id and a secret access key; only KubeSphere 3 reads one',
    );
  if (scheme === 's3' && user) return problem('username', 'it is for http, https and oci; a repository of type s3 has access keys');
  return scheme !== 's3' && isSet(accessKeyId)
    ? problem('accessKeyId', `it is only for URLs of type s3, and this one is of type ${scheme}; set username and password instead`)
    : [];
}

const isSet = (value: Given): boolean => value !== undefined;
