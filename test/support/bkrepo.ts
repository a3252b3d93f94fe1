import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBkRepo, type StartBkRepoOptions } from '../../src/registry/bkrepo';

/** What a BK-Repo answered. */
export interface BkAnswer {
  readonly status: number;
  readonly text: string;
  /** The code of the envelope. */
  readonly code: unknown;
  /** The data of the envelope. */
  readonly data: unknown;
  readonly headers: Headers;
}

/** What goes with a request besides its method and path. */
export interface BkRequest {
  /** Sent as JSON, unless it is a text or bytes. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Who asks: `user:password`, or nobody. @default "admin:password" */
  readonly as?: string | null;
}

/** The keys of the platform application of test servers. */
export const PLATFORM_KEYS = { accessKey: 'test-access-key', secretKey: 'test-secret-key' };

/** An embedded BK-Repo with a folder of its own, and how to talk to it. */
export class TestBkRepo {
  private constructor(
    /** Where it listens. */
    readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** Starts one on a free port. */
  static async start(options: Partial<StartBkRepoOptions> = {}): Promise<TestBkRepo> {
    const data = options.data ?? mkdtempSync(join(tmpdir(), 'repoform-bkrepo-'));
    const server = await startBkRepo({ port: 0, closeGraceMs: 0, platformKeys: PLATFORM_KEYS, ...options, data });
    return new TestBkRepo(server.url, async () => {
      await server.close();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    });
  }

  /** Sends a request. */
  async call(method: string, path: string, { body, headers = {}, as = 'admin:password' }: BkRequest = {}): Promise<BkAnswer> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const sent = body === undefined || isRaw ? (body as string | undefined) : JSON.stringify(body);
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: { ...(as !== null && { authorization: basic(as) }), ...headers },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await response.text();
    const { code, data } = envelopeOf(text);
    return { status: response.status, text, code, data, headers: response.headers };
  }

  /** Sends a request that has to succeed; answers its data. */
  async done(method: string, path: string, request: BkRequest = {}): Promise<unknown> {
    const { status, text, code, data } = await this.call(method, path, request);
    if (status !== 200 || code !== 0) throw new Error(`${method} ${path}: ${status} ${text}`);
    return data;
  }

  /** Makes a project. */
  async project(name: string, as?: string): Promise<void> {
    const body = { name, displayName: name, description: '' };
    await this.done('POST', '/repository/api/project/create', { body, ...(as !== undefined && { as }) });
  }

  /** Makes a repository, a local generic one unless the fields say otherwise. */
  repository(projectId: string, name: string, fields: Record<string, unknown> = {}): Promise<unknown> {
    const body = { projectId, name, type: 'GENERIC', category: 'LOCAL', ...fields };
    return this.done('POST', '/repository/api/repo/create', { body });
  }

  /** Makes a user whose password is the id and `-secret`; answers both with a colon between. */
  async user(userId: string): Promise<string> {
    await this.done('POST', '/auth/api/user/create', { body: { userId, name: userId, pwd: `${userId}-secret` } });
    return `${userId}:${userId}-secret`;
  }

  /** Stops it and removes its folder. */
  stop(): Promise<void> {
    return this.end();
  }
}

/** The header of Basic authentication. */
export function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** The headers of Platform authentication. */
export function platform(uid?: string, keys = PLATFORM_KEYS): Record<string, string> {
  const value = Buffer.from(`${keys.accessKey}:${keys.secretKey}`).toString('base64');
  return { authorization: `Platform ${value}`, ...(uid !== undefined && { 'x-bkrepo-uid': uid }) };
}

function envelopeOf(text: string): { code?: unknown; data?: unknown } {
  try {
    return JSON.parse(text) as { code?: unknown; data?: unknown };
  } catch {
    return {};
  }
}
