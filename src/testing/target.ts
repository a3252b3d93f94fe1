import type { ProviderDefinition } from '../schema/define/provider';
import type { ApiClient } from '../schema/define/client';
import { connect } from '../handler/configuration';
import { ProviderHandler } from '../handler/provider-handler';
import type { ValueRecord } from '../common/value';
import { Core, type Told } from './core';
import type { Hints } from './hints';
import { type Answer, forwardTo, startServer, type TestServer } from './http-server';
import { MemoryApi } from './memory-api';

/** A server to test a provider against, behind a port of its own where faults can be put in. */
export interface Target {
  readonly provider: ProviderDefinition;
  readonly server: TestServer;
  /** What the provider logs in with. */
  readonly login: ValueRecord;
  readonly hints: Hints;
  /** A provider process that is configured for the server, or for another place that its configuration names. */
  core(config?: ValueRecord): Promise<Core>;
  /** A client of its own, to look and change behind the provider's back. */
  client(): Promise<ApiClient & { close(): Promise<void> }>;
  /** Changes something behind the provider's back; answers the parsed body. */
  outside(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }>;
  stop(): Promise<void>;
}

/** What a target keeps its objects in. */
export interface Backend {
  readonly answer: Answer;
  /** The environment of provider processes. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** @default none */
  readonly hints?: Hints;
  stop(): Promise<void>;
}

/** A provider in this process with an environment of its own; what it logs is collected. */
export function providerCore(provider: ProviderDefinition, env: Readonly<Record<string, string>> = {}): { core: Core; logs: string[] } {
  const logs: string[] = [];
  const log = (level: string, message: string, fields?: object): void => void logs.push(JSON.stringify({ level, message, ...fields }));
  return { core: new Core(new ProviderHandler(provider, { env, log })), logs };
}

/** Configures a provider; throws when it does not take the configuration. */
export async function configured(
  provider: ProviderDefinition,
  config: ValueRecord,
  env: Readonly<Record<string, string>> = {},
): Promise<Core> {
  const { core } = providerCore(provider, env);
  const problems: Told[] = await core.configure(config);
  if (problems.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(problems));
  return core;
}

/** Puts a provider before a backend. */
export async function startTarget(provider: ProviderDefinition, backend: Backend, login: ValueRecord = {}): Promise<Target> {
  const server = await startServer(backend.answer);
  const { env = {}, hints = {} } = backend;
  return {
    provider,
    server,
    login,
    hints,
    core: (config = {}) => configured(provider, { endpoint: server.endpoint, ...login, ...config }, env),
    async client() {
      const { connected } = await connect({ endpoint: server.endpoint, ...login }, { provider, terraformVersion: '0.0.0', env });
      if (!connected) throw new Error('there is no client for the server');
      return Object.assign(connected.client, { close: () => connected.root.close() });
    },
    async outside(method, path, body) {
      const text = body === undefined ? '' : JSON.stringify(body);
      const reply = await backend.answer({ method, path, headers: {}, text, bytes: Buffer.from(text), json: body });
      if (!reply) throw new Error(`${method} ${path} was not answered`);
      return { status: reply.status, json: reply.body ?? (reply.text?.length ? (JSON.parse(String(reply.text)) as unknown) : undefined) };
    },
    async stop() {
      await server.stop();
      await backend.stop();
    },
  };
}

/** Keeps every collection of a provider in memory, as a server does that checks nothing. */
export function memoryBackend(provider: ProviderDefinition): Backend {
  const bases = new Set(provider.resources.map(({ binding }) => binding.list?.scope([]) ?? ''));
  const collections = [...bases].map((base) => new MemoryApi(base));
  return {
    answer: (got) =>
      collections.find(({ base }) => got.path === base || got.path.startsWith(`${base}/`))?.answer(got) ?? {
        status: 404,
        text: 'no such route',
      },
    stop: async () => {},
  };
}

/** Passes on to a server that runs. */
export function serverBackend(endpoint: string, stop: () => Promise<void>): Backend {
  return { answer: forwardTo(endpoint), stop };
}
