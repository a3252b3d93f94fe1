import { type Logger } from '../logger';
import { type Reach } from '../proxy/reach';
import { type Store } from '../store/store';
import { Access } from './access';
import { isLoopback } from './address';
import { readIssuers } from './oidc/settings';
import { parseScope } from './scopes';

/** Who may use the registry. */
export interface LoginOptions {
  /** Requires logins also where only this machine reaches the registry. @default false */
  readonly auth?: boolean | undefined;
  /** Requires none where others reach it. @default false */
  readonly insecure?: boolean | undefined;
  /** The repositories that everybody may read without a login, as names and globs. @default - none */
  readonly anonymousRead?: readonly string[] | undefined;
  /** A JSON file with the issuers whose tokens pipelines log in with. @default - none */
  readonly oidc?: string | undefined;
  /** Requests per second of one client address and of one login, in the long run; 0 for no limit. @default 500, where logins are required */
  readonly rateLimit?: number | undefined;
  /** Failed logins per minute of one client address; 0 for no limit. @default 20, where logins are required */
  readonly loginLimit?: number | undefined;
  /** How many changes the audit log keeps; 0 for none. @default 100000 */
  readonly auditKeep?: number | undefined;
  /** A file to which every change is appended as a line of JSON. @default - none */
  readonly auditFile?: string | undefined;
}

/** What else decides about logins. */
export interface Surroundings extends LoginOptions {
  readonly host: string;
  readonly strict: boolean;
  /** Whether an API is served that has no users of its own. */
  readonly hasOpenApi: boolean;
  readonly reach: Reach;
  /** Names the data in advice. */
  readonly data: string;
}

/** Settings that contradict each other, or that no value of can be meant. */
export class Misconfigured extends Error {}

/** Decides who may use the registry; throws an error that says what to do where that would be nobody, or everybody by mistake. */
export async function openAccess(store: Store, given: Surroundings, logger: Logger): Promise<Access> {
  const { auth = false, insecure = false, host, strict, hasOpenApi, oidc, rateLimit, loginLimit } = given;
  const isReachable = !isLoopback(host);
  if (auth && insecure) throw new Misconfigured('--auth and --insecure contradict each other; leave one out');
  if (strict && auth) throw new Misconfigured('--strict has no logins, as the real server has none; leave out --auth or --strict');
  if (strict && isReachable && hasOpenApi && !insecure)
    throw new Misconfigured(
      `--strict has no logins, as the real server has none, and others can reach ${JSON.stringify(host)}; leave out --host, or add --insecure to let everybody who reaches it read and change everything`,
    );
  const anonymous = (given.anonymousRead ?? []).map((glob) => {
    const scope = parseScope(`read:${glob}`);
    if (typeof scope === 'string')
      throw new Misconfigured(`--anonymous-read: ${JSON.stringify(glob)} is not a repository name or a glob of one`);
    return scope;
  });
  const issuers = oidc === undefined ? [] : readIssuers(oidc);
  const isRequired = !strict && (auth || (isReachable && !insecure));
  const isLimited = !strict && (isRequired || isReachable);
  const audit = { keep: given.auditKeep, file: given.auditFile };
  const access = new Access(store, { isRequired, anonymous, issuers, isLimited, rateLimit, loginLimit, audit, reach: given.reach }, logger);
  if (isRequired && hasOpenApi && issuers.length === 0 && anonymous.length === 0 && (await access.tokens.list()).length === 0)
    throw new Error(nobody(given));
  return access;
}

function nobody({ auth, host, data }: Surroundings): string {
  const why = auth ? 'logins are required (--auth)' : `logins are required, since others can reach ${JSON.stringify(host)}`;
  return [
    `${why}, and there is no token yet. Create one:`,
    `repoform registry token create admin --scope "admin:*" --data ${JSON.stringify(data)}`,
    '. Or let pipelines in with --oidc, let everybody read with --anonymous-read, or',
    auth ? 'leave out --auth' : 'let everybody who reaches it read and change everything with --insecure',
  ]
    .join(' ')
    .replace(' . Or', '. Or');
}
