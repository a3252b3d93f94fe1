import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AccessLogFormat } from '../../registry/operations/access-log';
import type { LogLevel, LogOptions } from '../../registry/operations/log';
import { Misuse } from '../failure';

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
  readonly breakerFailures: number;
  readonly breakerPause: number;
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
      option('--log-format <format>', 'log for people, or lines of JSON; on the standard error').choices(LOG_FORMATS).default('text'),
    )
    .addOption(
      new Option('--log-level <level>', 'least severe level to log (default: warn as text, info as JSON)')
        .env('LOG_LEVEL')
        .choices(LOG_LEVELS),
    )
    .addOption(option('--access-log <file>', 'file to log every request to; - is the standard output'))
    .addOption(
      option('--access-log-format <format>', 'format of the access log (default: combined, or json with --log-format json)').choices(
        ACCESS_LOG_FORMATS,
      ),
    )
    .addOption(
      option(
        '--metrics-port <port>',
        'port for /metrics, /livez and /readyz alone; 0 picks a free one (default: at every port of the registry, unless --strict)',
      ).argParser(wholeNumber('A port', 65535)),
    );
  command
    .addOption(
      option('--trace-upstreams', 'send traceparent to upstreams when OTEL_EXPORTER_OTLP_ENDPOINT has requests traced').default(false),
    )
    .optionsGroup('Upstreams that fail:')
    .addOption(
      option('--breaker-failures <number>', 'failures in a row after which an upstream is left alone; 0 is never')
        .argParser(wholeNumber('A number', 1000))
        .default(5),
    )
    .addOption(
      option('--breaker-pause <seconds>', 'how long it is left alone at first; up to 16 times as long while it goes on failing')
        .argParser(wholeNumber('A time', 3600))
        .default(15),
    );
  return stoppingOptions(command);
}

function stoppingOptions(command: Command): Command {
  command.optionsGroup('TLS and stopping:');
  return command
    .addOption(option('--tls-cert <file>', 'certificate in PEM to serve https with, reloaded when it changes or on SIGHUP'))
    .addOption(option('--tls-key <file>', 'its private key in PEM'))
    .addOption(
      option('--shutdown-timeout <seconds>', 'how long requests in progress may take to end after SIGTERM')
        .argParser(wholeNumber('A time', 86_400))
        .default(25),
    )
    .addOption(
      option('--shutdown-delay <seconds>', 'how long to go on after SIGTERM while /readyz answers 503, for load balancers to notice')
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
    ...(cert !== undefined && key !== undefined && { tls: { cert, key } }),
    traceUpstreams: options.traceUpstreams,
    circuit: { failures: options.breakerFailures, pause: options.breakerPause },
    closeGraceMs: options.shutdownTimeout * 1000,
    closeDelayMs: options.shutdownDelay * 1000,
  };
}

/** An option that the variable of its name sets as well: `REPOFORM_ACCESS_LOG` for `--access-log`. */
function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(`REPOFORM_${made.name().replaceAll('-', '_').toUpperCase()}`);
}

function wholeNumber(what: string, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > most) throw new InvalidArgumentError(`${what} must be a whole number from 0 to ${most}.`);
    return value;
  };
}
