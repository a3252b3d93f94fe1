import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Counters } from './emulated-api';
import { bundled } from './workspace';

/** What the process of the emulated API can be told. */
export interface Request {
  /** Milliseconds of each answer from now on. */
  readonly latency?: number;
  /** Forgets all objects. */
  readonly forget?: boolean;
}

/** The counters since the last time, and how many objects there are. */
export type Report = Counters & { readonly objects: number };

/** The emulated API in a process of its own, so that what it costs is not measured with the rest. */
export class Api {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts the process. */
  static async start(folder: string): Promise<Api> {
    const child = fork(bundled(folder, 'api-process'), { execArgv: [], env: { PATH: process.env.PATH } });
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    return new Api(url, child);
  }

  /** Tells the API something and answers what it has counted since it was last told something. */
  async tell(request: Request = {}): Promise<Report> {
    const answer = once(this.child, 'message');
    this.child.send(request);
    return ((await answer) as [Report])[0];
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.disconnect();
    await gone;
  }
}
