import { readFileSync } from 'node:fs';
import { type ConnectionOptions } from 'node:tls';
import { isUrl } from '../../../common/urls';
import { type Settings } from '../../settings';
import { Secret } from '../secret';

/** A PostgreSQL database and how to reach it. */
export interface DatabaseTarget {
  /** A host name or address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  /** How its connections are encrypted and verified; false for plain ones. */
  readonly tls: ConnectionOptions | false;
  /** Settings of the session, as `-c name=value`. */
  readonly options?: string | undefined;
}

const PORT = 5432;
const DEFAULT_NAME = 'artifacts';
const MODES = ['disable', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;
type Mode = (typeof MODES)[number];
const PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'options'];
const EXAMPLE = 'write it like postgresql://user:password@db.example.com:5432/artifacts?sslmode=verify-full';

/**
 * The database that the operator names, by URL or by parts; undefined for none. Throws an error that names the setting, never its secrets.
 * The URL is called by the option and the variable that can have set it.
 */
export function readDatabase(
  url: string | undefined,
  environment: Settings,
  called = 'the database URL (--database-url, DATABASE_URL)',
): DatabaseTarget | undefined {
  const given = url || environment['DATABASE_URL'];
  if (given) return fromUrl(given, url ? called : 'DATABASE_URL');
  const { DBHOST: host = '', DBPORT: port = '', DBUSER: user, DBPASS, DBPASSWORD, DBNAME: database, DBSSL: ssl = '' } = environment;
  if (host === '') return undefined;
  const mode = { true: 'verify-full', false: 'disable' }[ssl.toLowerCase()] ?? ssl;
  return {
    host,
    port: port === '' ? PORT : readPort(port, 'DBPORT'),
    user: user || DEFAULT_NAME,
    password: new Secret(DBPASS || DBPASSWORD || ''),
    database: database || DEFAULT_NAME,
    tls: tlsOf(host, { sslmode: mode }, 'DBSSL'),
  };
}

/** How a database is called in messages. */
export function nameOf({ host, port, database }: DatabaseTarget): string {
  return host.startsWith('/') ? `${database} at ${host}` : `${database} at ${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function fromUrl(text: string, named: string): DatabaseTarget {
  const url = isUrl(text) ? new URL(text) : undefined;
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) throw new Error(`${named} is not a PostgreSQL URL; ${EXAMPLE}`);
  const parameters = Object.fromEntries(url.searchParams);
  const unknown = Object.keys(parameters).find((key) => !PARAMETERS.includes(key));
  if (unknown !== undefined)
    throw new Error(`${named}: unknown parameter ${JSON.stringify(unknown)}; expected one of ${PARAMETERS.join(', ')}`);
  const host = parameters['host'] || decode(url.hostname, named).replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const database = decode(url.pathname.slice(1), named);
  const user = decode(url.username, named);
  if (database === '' || user === '') throw new Error(`${named} names no ${database === '' ? 'database' : 'user'}; ${EXAMPLE}`);
  return {
    host,
    port: url.port === '' ? PORT : readPort(url.port, named),
    user,
    password: new Secret(decode(url.password, named)),
    database,
    tls: tlsOf(host, parameters, `${named}: sslmode`),
    options: parameters['options'],
  };
}

function decode(text: string, named: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(`${named} has a "%" that begins no percent-encoding; write it as %25`);
  }
}

function readPort(text: string, named: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65536) return port;
  throw new Error(`${named}: ${JSON.stringify(text)} is not a port; expected a whole number from 1 to 65535`);
}

/** Verified unless the operator says otherwise, and plain on this machine, where nobody is in between. */
function tlsOf(host: string, parameters: Readonly<Record<string, string>>, named: string): ConnectionOptions | false {
  const mode = (parameters['sslmode'] || (isLocal(host) ? 'disable' : 'verify-full')) as Mode;
  if (!MODES.includes(mode)) throw new Error(`${named}: unknown mode ${JSON.stringify(mode)}; expected one of ${MODES.join(', ')}`);
  if (mode === 'disable') return false;
  const read = (key: 'sslrootcert' | 'sslcert' | 'sslkey') => parameters[key] && readPem(key, parameters[key]);
  const [ca, cert, key] = [read('sslrootcert'), read('sslcert'), read('sslkey')];
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    rejectUnauthorized: mode !== 'no-verify',
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  };
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('/');
}

function readPem(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${key}: cannot read ${JSON.stringify(path)}: ${(cause as Error).message}`);
  }
}
