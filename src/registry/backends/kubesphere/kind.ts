import { randomUUID } from 'node:crypto';
import { type Collection } from '../../store/documents';
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

/** What all kinds of objects have in common: one count of changes. */
export interface Sequence {
  revision: number;
  readonly lag: Lag | undefined;
}

/** How objects of a kind are called in messages, e.g. `Repo` and `repos`, and in which group they are. */
export interface KindName {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
}

/** All objects of a kind: held in memory, written through to the store, changed by one at a time. */
export class Kind<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #late = new Map<string, { readonly before: T | undefined; readonly until: number }>();
  readonly #listeners: ((name: string) => void)[] = [];

  constructor(
    private readonly name: KindName,
    private readonly documents: Collection<T>,
    private readonly sequence: Sequence,
  ) {}

  /** Reads what an earlier run left. */
  async load(): Promise<void> {
    for (const { oid: _oid, ...object } of await this.documents.all()) {
      const known = object as unknown as T;
      this.#objects.set(known.metadata.name, known);
      this.sequence.revision = Math.max(this.sequence.revision, Number(known.metadata.resourceVersion));
    }
  }

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
    if (this.#objects.has(metadata.name)) throw this.#error('AlreadyExists', metadata.name, 'already exists');
    const made: Metadata = { ...metadata, uid: randomUUID(), resourceVersion: '', generation: 1, creationTimestamp: timestamp() };
    return this.#put({ metadata: made, spec, status } as T, undefined);
  }

  /** Replaces an object, if nobody has changed it since it was read. */
  async update(object: T): Promise<T> {
    const { name, resourceVersion } = object.metadata;
    const known = this.#objects.get(name);
    if (!known) throw this.notFound(name);
    if (known.metadata.resourceVersion !== resourceVersion) throw this.#conflict(name);
    if (JSON.stringify(object) === JSON.stringify(known)) return known;
    const generation = known.metadata.generation + (JSON.stringify(object.spec) === JSON.stringify(known.spec) ? 0 : 1);
    return this.#put({ ...object, metadata: { ...object.metadata, generation } }, known);
  }

  /** Sets the status of an object whatever it is by now; one that is gone stays so. */
  async setStatus(name: string, status: T['status']): Promise<void> {
    const known = this.#objects.get(name);
    if (known) await this.#put({ ...known, status }, known);
  }

  /** Removes an object. */
  async remove(name: string): Promise<void> {
    const known = this.#objects.get(name);
    if (!known) throw this.notFound(name);
    this.#objects.delete(name);
    this.sequence.revision += 1;
    this.#changed(name, known);
    await this.documents.remove(name);
  }

  /** That an object is not there, in the words of the API server. */
  notFound(name: string): ApiError {
    return this.#error('NotFound', name, 'not found');
  }

  /** That an object is not there, in the words of a reader with a cache. */
  notCached(name: string, called = this.name.kind): ApiError {
    return new ApiError('NotFound', `${called}.${this.name.group} ${JSON.stringify(name)} not found`);
  }

  async #put(object: T, before: T | undefined): Promise<T> {
    const { name } = object.metadata;
    const resourceVersion = String(++this.sequence.revision);
    const made: T = { ...object, metadata: { ...object.metadata, resourceVersion } };
    this.#objects.set(name, made);
    this.#changed(name, before);
    const isKept = before !== undefined && (await this.documents.replace(name, { ...made, oid: '' }));
    if (!isKept) await this.documents.insert({ id: name }, made);
    return made;
  }

  #changed(name: string, before: T | undefined): void {
    const { lag, revision } = this.sequence;
    const late = this.#late.get(name);
    if (lag && revision % lag.every === 0) {
      const seen = late && Date.now() < late.until ? late.before : before;
      this.#late.set(name, { before: seen, until: Date.now() + lag.ms });
    } else this.#late.delete(name);
    for (const listener of this.#listeners) listener(name);
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
