import { type Repository } from './model';
import { keyOf } from './tables';

const MOST = 1000;

/** Repositories as the services saw them last: a real server goes by that for a minute, whatever has changed since. */
export class ServedRepositories {
  readonly #seen = new Map<string, { readonly repository: Repository; readonly until: number }>();

  /** Remembers for so many milliseconds; 0 is not at all. */
  constructor(private readonly lifetime: number) {}

  /** The cached state of a repository; the first read is cached, unless a check throws. */
  of<T extends Repository>(fresh: T, check?: (repository: T) => void): Repository {
    const id = keyOf(fresh.projectId, fresh.name);
    const known = this.#seen.get(id);
    if (known && known.until > performance.now()) return known.repository;
    check?.(fresh);
    if (this.lifetime > 0) this.#remember(id, fresh);
    return fresh;
  }

  #remember(id: string, repository: Repository): void {
    this.#seen.delete(id);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size >= MOST && oldest !== undefined) this.#seen.delete(oldest);
    this.#seen.set(id, { repository, until: performance.now() + this.lifetime });
  }
}
