import { setFlagsFromString } from 'node:v8';
import { startRegistry } from '../../registry/server';
import { Failure, lineOf, Misuse, systemError } from '../failure';
import { watchLauncher } from '../launcher';
import { readFaults } from './faults';
import type { RegistryCommandOptions } from './command';
import { greeting } from './greeting';

/** Starts the registry, prints its URLs, and stops it on Ctrl-C or when the `npx` that started it is gone. */
export async function runRegistry(options: RegistryCommandOptions): Promise<void> {
  const end = stopped();
  const registry = await start(options);
  // Keeps the space for new objects at what the start needed: V8 would let it grow to 48 MB, which saves no time here.
  setFlagsFromString('--semi-space-growth-factor=1');
  process.stdout.write(greeting(registry, options));
  await end;
  process.stdout.write('\nStopping the registry ...\n');
  await registry.close();
  process.stdout.write(`Stopped. The data stays in ${options.data}.\n`);
}

async function start(options: RegistryCommandOptions): ReturnType<typeof startRegistry> {
  const { port, host, data, strict, faults, publicUrl, trustForwarded, accelRedirect, backend = ['artifactapi'] } = options;
  const { databaseUrl, databaseConnections } = options;
  const planned = faults === undefined ? undefined : readFaults(faults);
  const bkrepo = backend.includes('bkrepo') ? bkrepoOptions(options) : {};
  const { kubespherePort, kubesphereVersion: version, kubesphereWorkspaces: workspaces } = options;
  const kubesphere = { port: kubespherePort, version, workspaces };
  try {
    const reached = {
      trustForwarded,
      ...(publicUrl !== undefined && { publicUrl }),
      ...(accelRedirect !== undefined && { accelRedirect }),
    };
    const served = { port, backends: backend, bkrepo, kubesphere, environment: process.env };
    const database = { databaseConnections, ...(databaseUrl !== undefined && { databaseUrl }) };
    return await startRegistry({ ...served, ...database, host, data, strict, ...reached, ...(planned && { faults: planned }) });
  } catch (thrown) {
    throw new Failure(startProblem(thrown, options));
  }
}

function bkrepoOptions(options: RegistryCommandOptions): NonNullable<Parameters<typeof startRegistry>[0]['bkrepo']> {
  const { bkrepoPort: port, bkrepoPrefix: prefix, bkrepoAccessKey: accessKey, bkrepoSecretKey: secretKey, seed } = options;
  if (prefix !== '' && !/^(\/[\w.~-]+)+$/.test(prefix)) throw new Misuse(`the prefix "${prefix}" is not a path; write one like /bkrepo`);
  if (!accessKey !== !secretKey) throw new Misuse('the access key and the secret key of BK-Repo belong together; give both or neither');
  return { port, prefix, seed, ...(accessKey && secretKey && { platformKeys: { accessKey, secretKey } }) };
}

/** What is wrong and what to do if the registry cannot start. */
export function startProblem(thrown: unknown, { port: first, bkrepoPort, kubespherePort, host, data }: RegistryCommandOptions): string {
  const { port = first } = (systemError(thrown) ?? {}) as { port?: number };
  const option =
    port === first ? '--port' : port === bkrepoPort ? '--bkrepo-port' : port === kubespherePort ? '--kubesphere-port' : '--port';
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

/** Resolves on the first SIGINT or SIGTERM, or when the parent is gone; a second signal exits at once. */
function stopped(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
    watchLauncher(resolve);
  });
}
