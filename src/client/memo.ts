import type { ApiClient } from '../schema/define/client';

type Make<T> = (client: ApiClient) => Promise<T>;

/** Caches calls made once per process, see `ApiClient.once`. */
export class Memo {
  private readonly made = new Map<unknown, Promise<unknown>>();

  /** The result of `make`; concurrent callers wait for the same call. */
  once<T>(make: Make<T>, client: ApiClient): Promise<T> {
    const known = this.made.get(make) as Promise<T> | undefined;
    if (known) return known;
    // A synchronous throw is a failure like any other.
    const making = (async () => make(client))();
    this.made.set(make, making);
    making.catch(() => this.made.delete(make));
    return making;
  }
}
