/** Exit codes as shells give them. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Ends an adoption early: the first signal lets it clean up, a second one ends the process. */
export class Interruption {
  /** The exit code; 0 while there was no signal. */
  code = 0;
  private readonly controller = new AbortController();
  private readonly listeners = Object.entries(codes).map(([name, code]) => [name, () => this.stop(code)] as const);

  constructor() {
    for (const [name, listener] of this.listeners) process.on(name, listener);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Signals have their usual effect again. */
  end(): void {
    for (const [name, listener] of this.listeners) process.off(name, listener);
  }

  private stop(code: number): void {
    if (this.code !== 0) process.exit(code);
    this.code = code;
    this.controller.abort();
  }
}
