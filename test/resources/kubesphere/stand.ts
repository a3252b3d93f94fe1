import type { ValueRecord } from '../../../src/common/value';
import { DEFAULT_PASSWORD, type StartKubeSphereOptions } from '../../../src/registry/kubesphere';
import { kubesphere } from '../../../src/resources/kubesphere';
import { type Applied, type Core, type Instance, type Told } from '../../../src/testing/core';
import { forwardTo, startServer, type TestServer } from '../../../src/testing/http-server';
import { done } from '../../../src/testing/subject';
import { providerCore } from '../../../src/testing/target';
import { type ChartServer, startCharts } from '../../support/charts';
import { TestKubeSphere } from '../../support/kubesphere';

/** The administrator. */
export const ADMIN: ValueRecord = { username: 'admin', password: DEFAULT_PASSWORD };

/** The type under test. */
export const TYPE = 'kubesphere_app_repository';

/** Users with the rights that KubeSphere's roles give, all with this password. */
export const PASSWORD = 'Pa55-w0rd';
const users = (['admin', 'manager', 'viewer'] as const).map((role) => ({
  name: `demo-${role}`,
  password: PASSWORD,
  roles: { demo: role },
}));

/** A KubeSphere with a port before it where requests are seen and faults put in, and a server of charts. */
export class Stand {
  /** All that was logged. */
  readonly logs: string[][] = [];

  private constructor(
    readonly ks: TestKubeSphere,
    readonly server: TestServer,
    readonly charts: ChartServer,
  ) {}

  /** Starts all three. */
  static async start(options: Partial<StartKubeSphereOptions> = {}): Promise<Stand> {
    const ks = await TestKubeSphere.start({ users, workspaces: ['demo', 'other'], secondMs: 20, ...options });
    return new Stand(ks, await startServer(forwardTo(ks.url)), await startCharts());
  }

  /** The URL of a repository. */
  url(path = '/good'): string {
    return this.charts.endpoint + path;
  }

  /** A provider process. */
  async core(config: ValueRecord = {}, login: ValueRecord = ADMIN): Promise<Core> {
    const { core, logs } = providerCore(kubesphere);
    this.logs.push(logs);
    const told = await core.configure({ endpoint: this.server.endpoint, ...login, ...config });
    if (told.some(({ severity }) => severity === 'error')) throw new Error(JSON.stringify(told));
    return core;
  }

  /** Makes or changes a repository, as far as that works. */
  async ensure(config: ValueRecord, prior?: Instance): Promise<Applied> {
    return (await this.core()).ensure(TYPE, { workspace: 'demo', url: this.url(), ...config }, prior);
  }

  /** Makes or changes a repository; throws when that fails. */
  async made(config: ValueRecord, prior?: Instance): Promise<Instance> {
    return done(await this.ensure(config, prior));
  }

  /** Runs something; the requests that were made meanwhile, but for logins and versions. */
  async asked(work: () => Promise<unknown>): Promise<string[]> {
    this.server.calls();
    await work();
    return this.server.calls().filter((call) => !/\/oauth\/token|\/version$/.test(call));
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await this.charts.stop();
    await this.ks.stop();
  }
}

/** `path: detail` of each diagnostic. */
export const said = (diagnostics: readonly Told[]): string[] => diagnostics.map(({ path = '', detail }) => `${path}: ${detail}`);
