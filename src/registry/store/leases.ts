/** Lets one of several processes do something at a time. */
export interface Leases {
  /**
   * Waits until nobody else has the lease of a name, but no longer than so many milliseconds: who waited in vain goes on without it.
   * A process that dies does not keep a lease.
   */
  take(name: string, patienceMs: number): Promise<Lease>;
  /** Takes a lease for as long as the store is open; returns whether it did, after so many milliseconds at most. */
  keep(name: string, patienceMs: number): Promise<boolean>;
}

/** The right to do something alone, or what stands for it where nobody else could have it. */
export interface Lease {
  /** Whether another process may have done the same just before. */
  readonly isShared: boolean;
  /** Whether it is held: false for who waited in vain. */
  readonly isHeld: boolean;
  /** Gives it back. */
  release(): Promise<void>;
}

const ALONE: Lease = { isShared: false, isHeld: true, release: () => Promise.resolve() };

/** The leases of a store that no other process uses. */
export const aloneLeases: Leases = { take: () => Promise.resolve(ALONE), keep: () => Promise.resolve(true) };
