import type { ValueRecord } from '../../../src/common/value';
import type { StartBkRepoOptions } from '../../../src/registry/bkrepo';
import { bkrepo } from '../../../src/resources/bkrepo';
import { PLATFORM_KEYS, TestBkRepo } from '../../support/bkrepo';
import type { Core, Instance, Told } from '../../../src/testing/core';
import { type FaultKind, forwardTo, startServer, type TestServer } from '../../../src/testing/http-server';
import { done } from '../../../src/testing/subject';
import { providerCore } from '../../../src/testing/target';

/** The administrator with a password. */
export const ADMIN: ValueRecord = { username: 'admin', password: 'password' };

/** The administrator through the platform account, who may do everything. */
export const PLATFORM: ValueRecord = { access_key: PLATFORM_KEYS.accessKey, secret_key: PLATFORM_KEYS.secretKey, uid: 'admin' };

/** What BK-Repo answers to what it refuses. */
export const refusal = (status: number, code: number, message = 'refused'): FaultKind => ({
  status,
  text: JSON.stringify({ code, message, data: null, traceId: 'f00d' }),
  headers: { 'content-type': 'application/json;charset=UTF-8' },
});

/** What BK-Repo answers to what it does, with some data. */
export const answer = (data: unknown): FaultKind => ({ status: 200, text: JSON.stringify({ code: 0, message: null, data, traceId: '' }) });

/** A BK-Repo with a port before it where requests are seen and faults put in. */
export class Stand {
  /** All that was logged. */
  readonly logs: string[][] = [];

  private constructor(
    readonly bk: TestBkRepo,
    readonly server: TestServer,
  ) {}

  /** Starts both. */
  static async start(options: Partial<StartBkRepoOptions> = {}): Promise<Stand> {
    const bk = await TestBkRepo.start(options);
    return new Stand(bk, await startServer(forwardTo(new URL(bk.url).origin)));
  }

  /** A provider process. */
  async core(config: ValueRecord = {}, login: ValueRecord = ADMIN): Promise<Core> {
    const { core, logs } = providerCore(bkrepo);
    this.logs.push(logs);
    const told = await core.configure({ endpoint: this.server.endpoint, ...login, ...config });
    if (told.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(told));
    return core;
  }

  /** Makes an object; throws when that fails. */
  async made(type: string, config: ValueRecord, prior?: Instance): Promise<Instance> {
    return done(await (await this.core()).ensure(type, config, prior));
  }

  /** Runs something; the requests that were made meanwhile. */
  async asked(work: () => Promise<unknown>): Promise<string[]> {
    this.server.calls();
    await work();
    return this.server.calls();
  }

  /** The storage credentials of a key. */
  async storage(key: string): Promise<void> {
    await this.bk.done('POST', '/repository/api/storage/credentials', {
      body: { key, region: 'any', credentials: { type: 'filesystem' } },
    });
  }

  /** Puts a file into a generic repository. */
  async file(project: string, repository: string, path: string): Promise<void> {
    await this.bk.done('PUT', `/generic/${project}/${repository}/${path}`, { body: 'content' });
  }

  /** A repository as the server has it, its passwords in clear. */
  info(project: string, repository: string): Promise<Info> {
    return this.bk.done('GET', `/repository/api/repo/info/${project}/${repository}`) as Promise<Info>;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.bk.stop();
  }
}

/** A repository as the server has it. */
export interface Info {
  readonly configuration: Record<string, unknown>;
  readonly [field: string]: unknown;
}

/** `Summary: detail` of each diagnostic. */
export const said = (diagnostics: readonly Told[]): string[] => diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`);
