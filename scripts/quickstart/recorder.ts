import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from './file-server';

/** An answer that a client got. */
export interface Seen {
  readonly path: string;
  readonly status: number;
  /** The header `X-Artifact-Source`. */
  readonly source: string;
}

/** An HTTP proxy that hands everything on unchanged and notes where each answer came from. */
export class Recorder {
  private seen: Seen[] = [];

  private constructor() {}

  /** Starts one; answers it with the URL to set as proxy. */
  static async start(): Promise<{ readonly recorder: Recorder; readonly url: string }> {
    const recorder = new Recorder();
    return { recorder, url: await listen(createServer((incoming, response) => recorder.pass(incoming, response))) };
  }

  /** What was seen since the last call. */
  take(): Seen[] {
    const seen = this.seen;
    this.seen = [];
    return seen;
  }

  private pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, headers } = incoming;
    const target = new URL(incoming.url ?? '');
    const outgoing = request(target, { method, headers }, (answer) => {
      const status = answer.statusCode ?? 0;
      this.seen.push({ path: target.pathname, status, source: String(answer.headers['x-artifact-source'] ?? 'nowhere') });
      response.writeHead(status, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  }
}
