import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { root } from '../workspace';

/** A server that is measured. */
export interface Program {
  /** Without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts the registry as it is shipped, with its data in a folder. */
export async function registryProgram(
  data: string,
  options: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const command = [join(root, 'dist/repoform.js'), 'registry', '--port', '0', '--data', data, ...options];
  const child = spawn(process.execPath, command, { env: { ...process.env, ...environment } });
  const url = await announced(child, /runs at (http:\/\/\S+)/);
  return programOf(child, url);
}

/** Starts nginx with one worker in a folder of its own; the answer of `blocks` stands inside its `http` block. */
export async function nginxProgram(folder: string, blocks: (port: number) => string): Promise<Program> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `worker_processes 1; daemon off; pid ${folder}/pid; error_log stderr error;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  default_type application/octet-stream;
  ${blocks(port)}
}
`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { env: { PATH: `${process.env['PATH']}:/usr/sbin` } });
  await reachable(child, 'nginx (Debian: apt-get install nginx-light)', `http://127.0.0.1:${port}/`);
  return programOf(child, `http://127.0.0.1:${port}`);
}

/** The blocks of nginx in front of a registry, as the guide has them. */
export function frontBlocks(registry: string, data: string): (port: number) => string {
  const guide = readFileSync(join(root, 'docs/guides/registry-speed.md'), 'utf8');
  const [, blocks = ''] = /```nginx\n(.*?)```/s.exec(guide) ?? [];
  return (port) =>
    blocks
      .replace('127.0.0.1:8000', new URL(registry).host)
      .replace('listen 80', `listen 127.0.0.1:${port}`)
      .replace('/var/lib/repoform', data);
}

/** Waits until a program answers; throws when it ends instead. */
export async function reachable(child: ChildProcess, name: string, url: string): Promise<void> {
  const ended = failed(child, name);
  // Whoever waits below hears of it.
  ended.catch(() => undefined);
  while (child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await ended;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A child as a program. */
export function programOf(child: ChildProcess, url: string): Program {
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  return { url, pid: child.pid ?? 0, stop };
}

/** Rejects when a program cannot be started or ends. */
async function failed(child: ChildProcess, name: string): Promise<never> {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)));
  const reason = await Promise.race([
    once(child, 'error').then(([error]) => (error as Error).message),
    once(child, 'exit').then(([code]) => `ended with ${code}: ${text}`),
  ]);
  throw new Error(`${name} cannot be run: ${reason}`);
}

async function announced(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  const told = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [, url] = pattern.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  return Promise.race([told, failed(child, 'the registry')]);
}
