import type { ApiClient } from '../schema/define/client';

type Make<T> = (client: ApiClient) => Promise<T>;

/** What is asked once in the life of a process, see `ApiClient.once`. */
export class Memo {
  private readonly made = new Map<unknown, Promise<unknown>>();

  /** What `make` answered; while it has not, all who ask wait for the same call. */
  once<T>(make: Make<T>, client: ApiClient): Promise<T> {
    const known = this.made.get(make) as Promise<T> | undefined;
    if (known) return known;
    // What throws at once is a failure like any other.
    const making = (async () => make(client))();
    this.made.set(make, making);
    making.catch(() => this.made.delete(make));
    return making;
  }
}
