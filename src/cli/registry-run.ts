import { startRegistry } from '../registry/server';
import { Failure, lineOf, systemError } from './failure';
import { watchLauncher } from './launcher';
import { readFaults } from './registry-faults';
import type { RegistryCommandOptions } from './registry';
import { greeting } from './registry-greeting';

/** Starts the registry, says where it is, and stops it at Ctrl-C or when the `npx` that started it is gone. */
export async function runRegistry(options: RegistryCommandOptions): Promise<void> {
  // Whoever reads what is said here, a terminal or a pipe, may be gone before the registry is.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const end = stopped();
  const registry = await start(options);
  process.stdout.write(greeting(registry, options));
  await end;
  process.stdout.write('\nStopping the registry ...\n');
  await registry.close();
  process.stdout.write(`Stopped. The data stays in ${options.data}.\n`);
}

async function start(options: RegistryCommandOptions): ReturnType<typeof startRegistry> {
  const { port, host, data, strict, faults, publicUrl, trustForwarded, backend = ['artifactapi'] } = options;
  const planned = faults === undefined ? undefined : readFaults(faults);
  const bkrepo = backend.includes('bkrepo') ? bkrepoOptions(options) : {};
  try {
    const reached = { trustForwarded, ...(publicUrl !== undefined && { publicUrl }) };
    return await startRegistry({ port, host, data, strict, backends: backend, bkrepo, ...reached, ...(planned && { faults: planned }) });
  } catch (thrown) {
    throw new Failure(startProblem(thrown, options));
  }
}

function bkrepoOptions(options: RegistryCommandOptions): NonNullable<Parameters<typeof startRegistry>[0]['bkrepo']> {
  const { bkrepoPort: port, bkrepoPrefix: prefix, bkrepoAccessKey: accessKey, bkrepoSecretKey: secretKey, seed } = options;
  if (prefix !== '' && !/^(\/[\w.~-]+)+$/.test(prefix)) throw new Failure(`the prefix "${prefix}" is no path; write one like /bkrepo`);
  if (!accessKey !== !secretKey)
    throw new Failure('an access key needs its secret key, and a secret key its access key; give both or none');
  return { port, prefix, seed, ...(accessKey && secretKey && { platformKeys: { accessKey, secretKey } }) };
}

/** What is wrong, and what to do, when the registry does not start. */
export function startProblem(thrown: unknown, { port: first, bkrepoPort, host, data }: RegistryCommandOptions): string {
  const { port = first } = (systemError(thrown) ?? {}) as { port?: number };
  const option = port === bkrepoPort && port !== first ? '--bkrepo-port' : '--port';
  const cause = systemError(thrown);
  if (cause === undefined)
    return /in use by/.test(lineOf(thrown)) ? `${lineOf(thrown)} with --data` : `the registry does not start: ${lineOf(thrown)}`;
  if (cause.code === 'EADDRINUSE')
    return `port ${port} on ${host} is taken; stop the program that has it, or choose another port: ${option} 0 takes a free one`;
  if (cause.syscall === 'listen' && (cause.code === 'EACCES' || cause.code === 'EPERM'))
    return `listening on port ${port} is not allowed; choose a port above 1023, or ${option} 0 for a free one`;
  if (cause.syscall === 'listen' || cause.syscall === 'getaddrinfo')
    return `"${host}" is no address of this machine; use --host 127.0.0.1, or 0.0.0.0 for all`;
  return dataProblem(cause, data);
}

function dataProblem(thrown: unknown, data: string): string {
  return `the data folder ${data} cannot be used: ${lineOf(thrown)}; choose another with --data`;
}

/** Resolves at the first Ctrl-C or polite request to end, or when nobody is left to ask; a second one ends at once. */
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
