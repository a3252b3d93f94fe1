import * as z from 'zod';

const count = z.int().min(1);

/** The shape of a fault, for bodies and files. */
export const faultSchema = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  latencyMs: z.int().min(0).max(600_000).optional(),
  status: z.int().min(200).max(599).optional(),
  code: z.int().optional(),
  body: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  reset: z.boolean().optional(),
  truncate: z.boolean().optional(),
  loseAnswer: z.boolean().optional(),
  count: count.optional(),
});

/** Something that goes wrong on demand. */
export interface Fault {
  /** The method it concerns. @default - every method */
  readonly method?: string | undefined;
  /** A prefix of the path, or a glob of the whole path: `*` stops at a slash, `**` does not. @default - every path */
  readonly path?: string | undefined;
  /** Waits before going on. @default 0 */
  readonly latencyMs?: number | undefined;
  /** Answers with this status and does nothing else. @default - the request is handled */
  readonly status?: number | undefined;
  /** Answers with an envelope of BK-Repo that holds this code, at status 200 unless `status` says otherwise. @default - no envelope */
  readonly code?: number | undefined;
  /** The text of that answer, or the text that stands in for the body of a handled request. @default - a short text */
  readonly body?: string | undefined;
  /** Headers of the answer that `status` gives. @default - none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Resets the connection before the request is handled. @default false */
  readonly reset?: boolean | undefined;
  /** Breaks the connection in the middle of the answer's body. @default false */
  readonly truncate?: boolean | undefined;
  /** Handles the request and then breaks the connection instead of answering. @default false */
  readonly loseAnswer?: boolean | undefined;
  /** How many requests it concerns. @default - all */
  readonly count?: number | undefined;
}

/** The faults in force, and how often each has yet to happen. */
export class Faults {
  #active: { readonly fault: Fault; left: number }[] = [];

  /** The faults that have not been used up. */
  get list(): Fault[] {
    return this.#active.map(({ fault, left }) => (left === Infinity ? fault : { ...fault, count: left }));
  }

  /** Puts more faults in force. */
  add(faults: readonly Fault[]): void {
    this.#active.push(...faults.map((fault) => ({ fault, left: fault.count ?? Infinity })));
  }

  /** Ends all faults. */
  clear(): void {
    this.#active = [];
  }

  /** The first fault that concerns a request; it counts as having happened. */
  take(method: string, path: string): Fault | undefined {
    const hit = this.#active.find(({ fault }) => concerns(fault, method, path));
    if (!hit) return undefined;
    hit.left -= 1;
    this.#active = this.#active.filter(({ left }) => left > 0);
    return hit.fault;
  }
}

function concerns(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  if (fault.path === undefined) return true;
  return fault.path.includes('*') ? globToRegExp(fault.path).test(path) : path.startsWith(fault.path);
}

function globToRegExp(glob: string): RegExp {
  const parts = glob.split(/(\*+)/).map((part) => {
    if (part.startsWith('*')) return part.length > 1 ? '.*' : '[^/]*';
    return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}
