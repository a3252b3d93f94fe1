import { Worker } from 'node:worker_threads';
import type { ServedBackend } from './engine';

/** How a provider reaches an API of the registry: attributes of its block. */
export interface Connection {
  readonly backend: ServedBackend;
  readonly attributes: Readonly<Record<string, string>>;
}

/** An embedded registry that runs for a test. */
export interface Servers {
  readonly connections: readonly Connection[];
  stop(): Promise<void>;
}

/** The users that the embedded registry starts with, in the order in which it names its URLs. */
const users: Readonly<Record<ServedBackend, Readonly<Record<string, string>>>> = {
  artifactapi: {},
  bkrepo: { username: 'admin', password: 'password' },
  kubesphere: { username: 'admin', password: 'P@88w0rd' },
};

/** How the registry is started. */
interface Starting {
  /** The path of the `repoform` command. */
  readonly command: string;
  readonly data: string;
  readonly registryArguments: readonly string[];
}

/** Starts the registry on free ports, in a thread: whatever ends the test's process ends it too. */
export async function startServers(backends: readonly ServedBackend[], { command, data, registryArguments }: Starting): Promise<Servers> {
  const served = (Object.keys(users) as ServedBackend[]).filter((name) => backends.includes(name));
  const unknown = backends.find((name) => !served.includes(name));
  if (unknown !== undefined) throw new Error(`unknown backend "${unknown}"; expected one of ${Object.keys(users).join(', ')}`);
  const ports = ['--port', '0', '--bkrepo-port', '0', '--kubesphere-port', '0'];
  const argv = ['registry', '--data', data, '--backend', served.join(','), ...ports, ...registryArguments];
  const worker = new Worker(command, { argv, stdout: true, stderr: true });
  const urls = await new Promise<readonly string[]>((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const found = [...printed.matchAll(/ runs at (\S+)/g)].map(([, url = '']) => url);
      if (found.length === served.length && printed.includes('Ctrl-C')) resolve(found);
    };
    worker.stdout.on('data', read);
    worker.stderr.on('data', read);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`the embedded registry did not start:\n${printed}`)));
  });
  return {
    connections: served.map((backend, index) => ({ backend, attributes: { endpoint: urls[index] ?? '', ...users[backend] } })),
    stop: async () => void (await worker.terminate()),
  };
}
