import { EventEmitter } from 'node:events';

/** Something that happened: `remote.created`, `artifact.cached`, `file.uploaded` and the like. */
export interface RegistryEvent {
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Publishes events to their listeners. */
export class Events {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  /** Notifies all listeners. */
  emit(type: string, data: Readonly<Record<string, unknown>>): void {
    this.#emitter.emit('event', { type, time: new Date().toISOString(), data } satisfies RegistryEvent);
  }

  /** Listens until the answer is called. */
  listen(listener: (event: RegistryEvent) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }
}
