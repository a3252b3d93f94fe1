import { Worker } from 'node:worker_threads';

const IDLE_MS = 20_000;
const LIMIT_MS = 5 * 60_000;
const HEAP_MB = 1536;

/** A job on its way. */
interface Running {
  resolve(result: unknown): void;
  reject(cause: Error): void;
  readonly limit: NodeJS.Timeout;
}

/** What a thread answers with. */
export type JobAnswer = { readonly id: number } & ({ readonly result: unknown } | { readonly failure: string });

/** Runs jobs in one other thread, which is started when there is something to do and ends, with its memory, when there is nothing. */
export class JobThread {
  readonly #running = new Map<number, Running>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #next = 0;

  constructor(private readonly file: string) {}

  /** Runs a job; rejects with what it throws, or if it runs out of memory or time. */
  run<T>(job: unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const id = this.#next++;
      const limit = setTimeout(() => this.#end('takes too long to read'), LIMIT_MS).unref();
      this.#running.set(id, { resolve: resolve as (result: unknown) => void, reject, limit });
      clearTimeout(this.#idle);
      this.#start().postMessage({ id, job });
    });
  }

  /** Ends the thread. */
  close(): void {
    clearTimeout(this.#idle);
    this.#end('is over');
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.file, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    worker.on('message', (answer: JobAnswer) => this.#settle(answer));
    // A document can take more memory than the thread may have: that ends the thread, not the process.
    worker.on('error', (cause: NodeJS.ErrnoException) => {
      const isMemory = cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#end(isMemory ? 'takes more memory to read than it may' : cause.message, worker);
    });
    worker.on('exit', () => this.#end('could not be read: the thread has ended', worker));
    // Only now: to listen for messages keeps the process alive.
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #settle(answer: JobAnswer): void {
    const running = this.#running.get(answer.id);
    this.#running.delete(answer.id);
    clearTimeout(running?.limit);
    if ('failure' in answer) running?.reject(new Error(answer.failure));
    else running?.resolve(answer.result);
    if (this.#running.size === 0) this.#idle = setTimeout(() => this.#end('is over'), IDLE_MS).unref();
  }

  /** Ends the thread and its jobs; the next job starts another. */
  #end(reason: string, worker = this.#worker): void {
    if (!worker || worker !== this.#worker) return;
    this.#worker = undefined;
    for (const { reject, limit } of this.#running.values()) {
      clearTimeout(limit);
      reject(new Error(reason));
    }
    this.#running.clear();
    void worker.terminate();
  }
}
