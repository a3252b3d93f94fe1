/** Milliseconds for collecting concurrent callers. */
const gathering = 5;

/** A call shared by several callers: each gets the result of a call that started after its request. */
export class SharedCall<T> {
  private running: Promise<unknown> | undefined;
  private coming: Promise<T> | undefined;

  constructor(private readonly call: () => Promise<T>) {}

  /** The result of a call that starts after this one. */
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
