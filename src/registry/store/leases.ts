/** Lets one of several processes do something at a time. */
export interface Leases {
  /** Whether other processes may use the store at the same time. */
  readonly isShared: boolean;
  /**
   * Waits until nobody else has the lease of a name, but no longer than so many milliseconds: who waited in vain goes on without it.
   * A process that dies does not keep a lease.
   */
  take(name: string, patienceMs: number): Promise<Lease>;
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
export const aloneLeases: Leases = { isShared: false, take: () => Promise.resolve(ALONE) };
