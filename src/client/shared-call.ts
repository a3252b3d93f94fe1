/** Milliseconds for which those who ask at about the same time are gathered. */
const gathering = 5;

/** A call that several may wait for: each gets the answer to one that began after it asked. */
export class SharedCall<T> {
  private running: Promise<unknown> | undefined;
  private coming: Promise<T> | undefined;

  constructor(private readonly call: () => Promise<T>) {}

  /** The answer to a call that begins after now. */
  afterNow(): Promise<T> {
    return (this.coming ??= this.begin());
  }

  private async begin(): Promise<T> {
    await (this.running ?? new Promise((resolve) => setTimeout(resolve, gathering)));
    this.coming = undefined;
    const answer = this.call();
    const done = (): void => void (this.running = undefined);
    this.running = answer.then(done, done);
    return answer;
  }
}
