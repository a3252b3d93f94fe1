import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PASSWORD, startKubeSphere, type StartKubeSphereOptions } from '../../src/registry/kubesphere';
import { basic } from './bkrepo';

/** What a KubeSphere answered. */
export interface KsAnswer {
  readonly status: number;
  readonly text: string;
  /** The body, if it is JSON. */
  readonly json: unknown;
  readonly headers: Headers;
}

/** What goes with a request besides its method and path. */
export interface KsRequest {
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Who asks: `user:password`, or nobody. @default - the user admin */
  readonly as?: string | null;
}

const ADMIN = `admin:${DEFAULT_PASSWORD}`;
/** The paths of application repositories: `V4` for version 4, `V3` for version 3. */
export const V4 = '/kapis/application.kubesphere.io/v2';
export const V3 = '/kapis/openpitrix.io/v1';

/** An embedded KubeSphere with a folder of its own, and how to talk to it; version 4.1 unless the options say otherwise. */
export class TestKubeSphere {
  private constructor(
    /** Where it listens. */
    readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** Starts one on a free port. */
  static async start(options: Partial<StartKubeSphereOptions> = {}): Promise<TestKubeSphere> {
    const data = options.data ?? mkdtempSync(join(tmpdir(), 'repoform-kubesphere-'));
    const server = await startKubeSphere({ port: 0, closeGraceMs: 0, ...options, data });
    return new TestKubeSphere(server.url, async () => {
      await server.close();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    });
  }

  /** Sends a request. */
  async call(method: string, path: string, { body, headers = {}, as = ADMIN }: KsRequest = {}): Promise<KsAnswer> {
    const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(as !== null && { authorization: basic(as) }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await response.text();
    return { status: response.status, text, json: jsonOf(text), headers: response.headers };
  }

  /** Sends a request that has to succeed; answers its body. */
  async done(method: string, path: string, request: KsRequest = {}): Promise<unknown> {
    const { status, text, json } = await this.call(method, path, request);
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`);
    return json;
  }

  /** Logs in, or renews a login. */
  token(fields: Record<string, string>): Promise<KsAnswer> {
    const client = { client_id: 'kubesphere', client_secret: 'kubesphere', grant_type: 'password' };
    const body = new URLSearchParams({ ...client, ...fields }).toString();
    return this.call('POST', '/oauth/token', { body, as: null, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  }

  /** Makes a workspace. */
  async workspace(name: string): Promise<void> {
    await this.done('POST', '/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates', { body: { metadata: { name } } });
  }

  /** Stops it and removes its folder. */
  stop(): Promise<void> {
    return this.end();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
