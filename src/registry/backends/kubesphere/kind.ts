import { randomUUID } from 'node:crypto';
import { type Changed, type Follower, type ObjectStore } from './object-store';
import { type KubeObject, type Metadata, type NewObject, timestamp } from './objects';

/** Why the cluster refuses something. */
export class ApiError extends Error {
  constructor(
    readonly reason: 'NotFound' | 'AlreadyExists' | 'Conflict',
    message: string,
  ) {
    super(message);
  }
}

/** How late readers hear of changes: every so many changes one is seen only after some milliseconds. */
export interface Lag {
  readonly every: number;
  readonly ms: number;
}

/** How objects of a kind are called in messages, e.g. `Repo` and `repos`, and in which group they are. */
export interface KindName {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
}

/** All objects of a kind, as this process knows them: a copy of what the database has, as an API server's clients keep one. */
export class Kind<T extends KubeObject> implements Follower {
  readonly #objects = new Map<string, T>();
  readonly #late = new Map<string, { readonly before: T | undefined; readonly until: number }>();
  readonly #listeners: ((name: string) => void)[] = [];

  constructor(
    private readonly name: KindName,
    private readonly store: Pick<ObjectStore, 'change'>,
    private readonly lag: Lag | undefined,
  ) {}

  /** An object as it is. */
  get(name: string): T | undefined {
    return this.#objects.get(name);
  }

  /** All objects as they are, oldest first. */
  list(): T[] {
    return [...this.#objects.values()];
  }

  /** An object as a reader with a cache knows it. */
  cached(name: string): T | undefined {
    const late = this.#late.get(name);
    if (late && Date.now() < late.until) return late.before;
    this.#late.delete(name);
    return this.#objects.get(name);
  }

  /** All objects as a reader with a cache knows them. */
  cachedList(): T[] {
    const names = new Set([...this.#objects.keys(), ...this.#late.keys()]);
    return [...names].map((name) => this.cached(name)).filter((object) => object !== undefined);
  }

  /** Calls a listener with the name of each object that was made, changed or removed, and of all that are there. */
  watch(listener: (name: string) => void): void {
    this.#listeners.push(listener);
    for (const name of this.#objects.keys()) listener(name);
  }

  /** Adds an object. */
  async create({ metadata, spec, status }: NewObject<T>): Promise<T> {
    const own = { uid: randomUUID(), resourceVersion: '', generation: 1, creationTimestamp: timestamp() };
    const made = await this.#change(metadata.name, (known) => {
      if (known) throw this.#error('AlreadyExists', metadata.name, 'already exists');
      return { metadata: { ...metadata, ...own } satisfies Metadata, spec, status } as T;
    });
    return made as T;
  }

  /** Replaces an object, if nobody has changed it since it was read. */
  async update(object: T): Promise<T> {
    const { name, resourceVersion } = object.metadata;
    const made = await this.#change(name, (known) => {
      if (!known) throw this.notFound(name);
      if (known.metadata.resourceVersion !== resourceVersion) throw this.#conflict(name);
      if (JSON.stringify(object) === JSON.stringify(known)) return known;
      const generation = known.metadata.generation + (JSON.stringify(object.spec) === JSON.stringify(known.spec) ? 0 : 1);
      return { ...object, metadata: { ...object.metadata, generation } };
    });
    return made as T;
  }

  /** Sets the status of an object whatever it is by now; one that is gone stays so. */
  async setStatus(name: string, status: T['status']): Promise<void> {
    await this.#change(name, (known) => known && { ...known, status });
  }

  /** Removes an object. */
  async remove(name: string): Promise<void> {
    await this.#change(name, (known) => {
      if (!known) throw this.notFound(name);
      return undefined;
    });
  }

  /** That an object is not there, in the words of the API server. */
  notFound(name: string): ApiError {
    return this.#error('NotFound', name, 'not found');
  }

  /** That an object is not there, in the words of a reader with a cache. */
  notCached(name: string, called = this.name.kind): ApiError {
    return new ApiError('NotFound', `${called}.${this.name.group} ${JSON.stringify(name)} not found`);
  }

  /** Hears of a change, by whichever process. */
  apply({ name, revision, object }: Changed): void {
    const before = this.#objects.get(name);
    if (object) this.#objects.set(name, object as T);
    else this.#objects.delete(name);
    const late = this.#late.get(name);
    if (this.lag && revision % this.lag.every === 0) {
      const seen = late && Date.now() < late.until ? late.before : before;
      this.#late.set(name, { before: seen, until: Date.now() + this.lag.ms });
    } else this.#late.delete(name);
    for (const listener of this.#listeners) listener(name);
  }

  #change(name: string, steps: (known: T | undefined) => T | undefined): Promise<T | undefined> {
    return this.store.change(this.name.kind, name, steps);
  }

  #conflict(name: string): ApiError {
    const advice = 'the object has been modified; please apply your changes to the latest version and try again';
    const { plural, group } = this.name;
    return new ApiError('Conflict', `Operation cannot be fulfilled on ${plural}.${group} ${JSON.stringify(name)}: ${advice}`);
  }

  #error(reason: ApiError['reason'], name: string, what: string): ApiError {
    return new ApiError(reason, `${this.name.plural}.${this.name.group} ${JSON.stringify(name)} ${what}`);
  }
}
