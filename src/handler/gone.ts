import { idOf, type ResourceDefinition } from '../schema/define/definition';
import { type Diagnostic, warning } from '../common/diagnostic';
import type { ObjectQuery } from '../client/reader';
import type { Connection } from './session';

/** Milliseconds without a further one after which what is gone is told of; a busy machine may take long to ask for the next. */
const quiet = 1000;

/** Counts the objects that are gone from a server which lists none, so that one warning tells of all. */
export class GoneTogether {
  private count = 0;
  private last = 0;
  private told = 0;
  private waiting = false;

  /**
   * How many there are so far, for one of those that are told at about the same time; nothing for the others. It is told again only
   * when there are twice as many, since each telling waits: core may ask for one after the other.
   */
  async add(): Promise<number | undefined> {
    this.count += 1;
    this.last = performance.now();
    if (this.waiting || this.count < 2 * this.told) return undefined;
    this.waiting = true;
    for (let left = quiet; left > 0; left = this.last + quiet - performance.now())
      await new Promise((resolve) => setTimeout(resolve, left));
    this.waiting = false;
    this.told = this.count;
    return this.count;
  }
}

/** An object that is gone; `other` is how what has its name now differs from it. */
export interface Lost extends ObjectQuery {
  readonly other: readonly string[];
}

/** What to say of an object that is gone; nothing when another one tells of it. */
export async function gone(connection: Connection, { type, binding }: ResourceDefinition, wanted: Lost): Promise<Diagnostic[]> {
  const { client, reader, goneTogether } = connection;
  if (wanted.other.length > 0)
    return [
      warning(
        'Object Is Gone',
        `${type} "${idOf(wanted.key)}" is no longer on the server: another object has its name now, with ${wanted.other.join(', ')}. Terraform plans to recreate it, which fails while the other object exists; rename or remove that one, or manage it with its own resource type.`,
      ),
    ];
  if (!(await reader.serverIsEmpty(binding, wanted)))
    return [
      warning(
        'Object Is Gone',
        `${type} "${idOf(wanted.key)}" is no longer on the server; it was deleted outside Terraform. Terraform plans to recreate it.`,
      ),
    ];
  const count = await goneTogether.add();
  return count === undefined ? [] : [emptied(count, client.endpoint)];
}

const emptied = (count: number, endpoint: string): Diagnostic =>
  warning(
    'Server Is Empty',
    `The server at ${endpoint} answers, but its lists are empty: ${count === 1 ? '1 object in this state is' : `${count} objects in this state are`} gone and planned to be recreated. If the server should have objects, check the endpoint before you apply.`,
  );
