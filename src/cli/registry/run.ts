import { setFlagsFromString } from 'node:v8';
import { Misconfigured } from '../../registry/access/start';
import { openLog } from '../../registry/operations/log';
import { readS3 } from '../../registry/store/s3/settings';
import { type Logger, type Registry, startRegistry } from '../../registry/server';
import { Failure, lineOf, Misuse, systemError, Written } from '../failure';
import { watchLauncher } from '../launcher';
import { readFaults } from './faults';
import type { RegistryCommandOptions } from './command';
import { greeting } from './greeting';
import { loginsOf } from './logins';
import { operationsOf } from './operations';
import { packageSettings } from './packages';

/** Starts the registry, prints its URLs, and stops it on Ctrl-C or when the `npx` that started it is gone. */
export async function runRegistry(options: RegistryCommandOptions): Promise<void> {
  try {
    await serve(options);
  } catch (thrown) {
    // Whoever reads lines of JSON is told in one why there are no more.
    if (options.logFormat !== 'json') throw thrown;
    (await openLog({ format: 'json', level: 'error' })).error(lineOf(thrown));
    throw new Written('', { cause: thrown });
  }
}

async function serve(options: RegistryCommandOptions): Promise<void> {
  let running: Registry | undefined;
  const end = stopped(() => running?.reload(), Boolean(options.tlsCert ?? options.accessLog));
  const logger = await openLog({ format: options.logFormat, level: options.logLevel ?? (options.logFormat === 'json' ? 'info' : 'warn') });
  const registry = (running = await start(options, logger));
  // Keeps the space for new objects at what the start needed: V8 would let it grow to 48 MB, which saves no time here.
  setFlagsFromString('--semi-space-growth-factor=1');
  const say = (text: string) => options.logFormat === 'text' && process.stdout.write(text);
  say(greeting(registry, options));
  if (options.logFormat !== 'text') for (const note of registry.notes) logger.warn(note);
  const signal = await end;
  const requests = registry.inFlight();
  logger.info('the registry stops', { signal, requests });
  say(`\nStopping the registry ...${requests > 0 ? ` Requests in progress: ${requests}. Press Ctrl-C again to break them off.` : ''}\n`);
  await registry.close();
  logger.info('the registry has stopped');
  say(`Stopped. The data stays in ${options.data}.\n`);
}

async function start(options: RegistryCommandOptions, logger: Logger): Promise<Registry> {
  const { port, host, data, strict, faults, publicUrl, trustForwarded, accelRedirect, backend = ['artifactapi'] } = options;
  const { databaseUrl, databaseConnections } = options;
  const planned = faults === undefined ? undefined : readFaults(faults);
  const bkrepo = backend.includes('bkrepo') ? bkrepoOptions(options) : {};
  const { kubespherePort, kubesphereVersion: version, kubesphereWorkspaces: workspaces, kubesphereAdminPassword: adminPassword } = options;
  const kubesphere = { port: kubespherePort, version, workspaces, ...(adminPassword && { adminPassword }) };
  try {
    const s3 = storageOf(options);
    const reached = {
      trustForwarded,
      ...(publicUrl !== undefined && { publicUrl }),
      ...(accelRedirect !== undefined && { accelRedirect }),
    };
    const served = { port, backends: backend, bkrepo, kubesphere, environment: packageSettings(options) };
    const database = { databaseConnections, ...(databaseUrl !== undefined && { databaseUrl }), ...(s3 && { s3 }) };
    const operated = { ...operationsOf(options), logger, ...(planned && { faults: planned }) };
    return await startRegistry({ ...served, ...loginsOf(options), ...database, host, data, strict, ...reached, ...operated });
  } catch (thrown) {
    if (thrown instanceof Misuse) throw thrown;
    if (thrown instanceof Misconfigured) throw new Misuse(thrown.message);
    throw new Failure(startProblem(thrown, options));
  }
}

function storageOf({
  s3Bucket: bucket,
  s3Endpoint: endpoint,
  s3Region: region,
  s3Prefix: prefix,
  s3CreateBucket: create,
}: RegistryCommandOptions) {
  return readS3({ bucket, endpoint, region, prefix, create }, process.env);
}

function bkrepoOptions(options: RegistryCommandOptions): NonNullable<Parameters<typeof startRegistry>[0]['bkrepo']> {
  const { bkrepoPort: port, bkrepoPrefix: prefix, bkrepoAccessKey: accessKey, bkrepoSecretKey: secretKey, seed } = options;
  const { bkrepoAdminPassword: adminPassword } = options;
  if (prefix !== '' && !/^(\/[\w.~-]+)+$/.test(prefix)) throw new Misuse(`the prefix "${prefix}" is not a path; write one like /bkrepo`);
  if (!accessKey !== !secretKey) throw new Misuse('the access key and the secret key of BK-Repo belong together; give both or neither');
  return {
    port,
    prefix,
    seed,
    ...(adminPassword && { adminPassword }),
    ...(accessKey && secretKey && { platformKeys: { accessKey, secretKey } }),
  };
}

/** What is wrong and what to do if the registry cannot start. */
export function startProblem(thrown: unknown, options: RegistryCommandOptions): string {
  const { port: first, bkrepoPort, kubespherePort, metricsPort, host, data } = options;
  const { port = first } = (systemError(thrown) ?? {}) as { port?: number };
  const ports = [[first, '--port'] as const, [bkrepoPort, '--bkrepo-port'] as const, [kubespherePort, '--kubesphere-port'] as const];
  const [, option = '--port'] = [...ports, [metricsPort, '--metrics-port'] as const].find(([own]) => own === port) ?? [];
  const cause = systemError(thrown);
  if (cause === undefined)
    return /in use by/.test(lineOf(thrown)) ? `${lineOf(thrown)} with --data` : `the registry cannot start: ${lineOf(thrown)}`;
  if (cause.code === 'EADDRINUSE')
    return `port ${port} on ${host} is in use; stop the program that uses it, or choose another port (${option} 0 picks a free one)`;
  if (cause.syscall === 'listen' && (cause.code === 'EACCES' || cause.code === 'EPERM'))
    return `permission to listen on port ${port} is denied; choose a port above 1023, or ${option} 0 for a free one`;
  if (cause.syscall === 'listen' || cause.syscall === 'getaddrinfo')
    return `"${host}" is not an address of this machine; use --host 127.0.0.1, or 0.0.0.0 for all`;
  return dataProblem(cause, data);
}

function dataProblem(thrown: unknown, data: string): string {
  return `the data folder ${data} cannot be used: ${lineOf(thrown)}; choose another with --data`;
}

/**
 * Resolves on the first SIGINT or SIGTERM, or when the parent is gone; a second signal exits at once. SIGHUP reloads what can be reloaded; it
 * stops what has nothing of the kind, because the terminal is gone.
 */
function stopped(reload: () => void, reloads: boolean): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (signal: string): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
    process.on('SIGHUP', reloads ? reload : stop);
    watchLauncher(() => resolve('none'));
  });
}
