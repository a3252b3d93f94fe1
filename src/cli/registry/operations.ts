import { type Command, InvalidArgumentError } from 'commander';
import type { AccessLogFormat } from '../../registry/operations/access-log';
import type { LogLevel, LogOptions } from '../../registry/operations/log';
import { Misuse } from '../failure';
import { addSwitch, setting, size, wholeNumber } from './options';

/** The options of `repoform registry` for operating it. */
export interface OperationCommandOptions {
  readonly logFormat: LogOptions['format'];
  readonly logLevel?: LogLevel;
  readonly accessLog?: string;
  readonly accessLogFormat?: AccessLogFormat;
  readonly metricsPort?: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly traceUpstreams: boolean;
  readonly internalHosts?: readonly string[];
  readonly unverified?: readonly string[];
  readonly breakerFailures: number;
  readonly breakerPause: number;
  readonly cacheSize?: number;
  readonly cacheUnused?: number;
  readonly storeLimit?: number;
  readonly quota?: Readonly<Record<string, number>>;
  readonly cleanEvery: number;
  readonly orphanAge: number;
  readonly shutdownTimeout: number;
  readonly shutdownDelay: number;
}

// Typed out here as well: the registry is loaded only when it starts.
const LOG_FORMATS: readonly LogOptions['format'][] = ['text', 'json'];
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];
const ACCESS_LOG_FORMATS: readonly AccessLogFormat[] = ['combined', 'common', 'json'];

/** Adds the options for operating the registry, in groups of their own. Each has a variable in the environment. */
export function operationOptions(command: Command): Command {
  command.optionsGroup('Logs and metrics:');
  command
    .addOption(
      setting('--log-format <format>', 'log for people, or lines of JSON; on the standard error').choices(LOG_FORMATS).default('text'),
    )
    .addOption(
      setting('--log-level <level>', 'least severe level to log (default: warn as text, info as JSON)', 'LOG_LEVEL').choices(LOG_LEVELS),
    )
    .addOption(setting('--access-log <file>', 'file to log every request to; - is the standard output'))
    .addOption(
      setting('--access-log-format <format>', 'format of the access log (default: combined, or json with --log-format json)').choices(
        ACCESS_LOG_FORMATS,
      ),
    )
    .addOption(
      setting(
        '--metrics-port <port>',
        'port for /metrics, /livez and /readyz alone; 0 picks a free one (default: at every port of the registry, unless --strict)',
      ).argParser(wholeNumber('A port', 65535)),
    );
  addSwitch(command, '--trace-upstreams', 'send traceparent to upstreams when OTEL_EXPORTER_OTLP_ENDPOINT has requests traced')
    .optionsGroup('Upstreams:')
    .addOption(
      setting(
        '--internal-hosts <names>',
        'hosts with private addresses to which upstreams of the internet may lead (by a redirect, in an index), separated by commas; *.example.com for all of a domain',
      ).argParser(hosts),
    )
    .addOption(
      setting(
        '--unverified <names>',
        'remotes whose files are not compared with the digests that their indexes list: names (of BK-Repo project/repository) and globs, separated by commas',
      ).argParser(remotes),
    )
    .addOption(
      setting('--breaker-failures <number>', 'failures in a row after which an upstream is left alone; 0 is never')
        .argParser(wholeNumber('A number', 1000))
        .default(5),
    )
    .addOption(
      setting('--breaker-pause <seconds>', 'how long it is left alone at first; up to 16 times as long while it goes on failing')
        .argParser(wholeNumber('A time', 3600))
        .default(15),
    );
  return stoppingOptions(spaceOptions(command));
}

function spaceOptions(command: Command): Command {
  return command
    .optionsGroup('Space:')
    .addOption(
      setting(
        '--cache-size <size>',
        'maximum total size of cached objects, e.g. 50GB; the least recently used are evicted (default: no limit)',
      ).argParser(size),
    )
    .addOption(
      setting('--cache-unused <time>', 'evict cached objects that have not been used for this long, e.g. 30d (default: never)').argParser(
        duration,
      ),
    )
    .addOption(
      setting(
        '--store-limit <size>',
        'maximum total size of the store; beyond it, cached objects are evicted and uploads refused (default: no limit)',
      ).argParser(size),
    )
    .addOption(
      setting(
        '--quota <name=size>',
        'maximum size of the files in a repository or project (artifactapi/npm-local=10GB, bkrepo/blueking=1TB), to each (artifactapi/*) or to all (artifactapi); repeat it, or separate several with commas',
      ).argParser(quota),
    )
    .addOption(
      setting('--clean-every <time>', 'how often to clean up: unused objects, unfinished uploads, orphans')
        .argParser(duration)
        .default(600_000, '10m'),
    )
    .addOption(setting('--orphan-age <time>', 'how long unreferenced content is kept').argParser(duration).default(3_600_000, '1h'));
}

function stoppingOptions(command: Command): Command {
  command.optionsGroup('TLS and stopping:');
  return command
    .addOption(setting('--tls-cert <file>', 'certificate in PEM to serve https with, reloaded when it changes or on SIGHUP'))
    .addOption(setting('--tls-key <file>', 'its private key in PEM'))
    .addOption(
      setting('--shutdown-timeout <seconds>', 'how long requests in progress may take to end after SIGTERM')
        .argParser(wholeNumber('A time', 86_400))
        .default(25),
    )
    .addOption(
      setting('--shutdown-delay <seconds>', 'how long to go on after SIGTERM while /readyz answers 503, for load balancers to notice')
        .argParser(wholeNumber('A time', 3600))
        .default(0),
    );
}

/** What is said of the operation in the terms of the registry; refuses what does not go together. */
export function operationsOf(options: OperationCommandOptions) {
  const { accessLog, accessLogFormat, logFormat, metricsPort, tlsCert: cert, tlsKey: key } = options;
  if ((cert === undefined) !== (key === undefined)) throw new Misuse('--tls-cert and --tls-key belong together; give both or neither');
  const format = accessLogFormat ?? (logFormat === 'json' ? 'json' : undefined);
  return {
    ...(accessLog !== undefined && { accessLog }),
    ...(format && { accessLogFormat: format }),
    ...(metricsPort !== undefined && { metricsPort }),
    ...(options.internalHosts && { internalHosts: options.internalHosts }),
    ...(options.unverified && { unverified: options.unverified }),
    ...(cert !== undefined && key !== undefined && { tls: { cert, key } }),
    ...(options.cacheSize !== undefined && { cacheSize: options.cacheSize }),
    ...(options.cacheUnused !== undefined && { cacheUnused: options.cacheUnused }),
    ...(options.storeLimit !== undefined && { storeLimit: options.storeLimit }),
    ...(options.quota && { quotas: options.quota }),
    cleanEvery: options.cleanEvery,
    orphanAge: options.orphanAge,
    traceUpstreams: options.traceUpstreams,
    circuit: { failures: options.breakerFailures, pause: options.breakerPause },
    closeGraceMs: options.shutdownTimeout * 1000,
    closeDelayMs: options.shutdownDelay * 1000,
  };
}

function hosts(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (!names.every((name) => /^(?:\*\.)?[\w.-]+$|^\[?[\da-f:]+\]?$/i.test(name)))
    throw new InvalidArgumentError('A host must be a name, *. before a domain, or an address, without a port.');
  return names;
}

function remotes(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (!names.every((name) => /^[\w.*?-]+(?:\/[\w.*?-]+)?$/.test(name)))
    throw new InvalidArgumentError(
      'A remote must be a name (of BK-Repo project/repository), or a glob of names (letters, digits, ".", "_", "-", "*", "?").',
    );
  return names;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function duration(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const ms = Number(digits) * (SECONDS[unit] ?? 0) * 1000;
  if (!(ms > 0)) throw new InvalidArgumentError('A time must be a number with a unit, such as 90s, 10m, 12h or 30d.');
  return ms;
}

function quota(text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
  const given = text.split(',').map((pair): [string, number] => {
    const [, name = '', bytes = ''] = /^((?:artifactapi|bkrepo)(?:\/(?:\*|[^/=]+))?)=(.+)$/.exec(pair) ?? [];
    if (name === '')
      throw new InvalidArgumentError(
        'A quota must be like artifactapi/npm-local=10GB, bkrepo/blueking=1TB, bkrepo/*=1TB or artifactapi=5TB.',
      );
    return [name, size(bytes)];
  });
  return { ...before, ...Object.fromEntries(given) };
}
