import { idOf, type ResourceDefinition } from '../schema/define/definition';
import { type Diagnostic, warning } from '../common/diagnostic';
import type { ApiClient, Binding, ObjectKey } from '../schema/define/binding';
import type { ObjectQuery } from '../client/reader';
import type { Connection } from './session';

/** Milliseconds without another missing object before the warning; a busy machine may be slow to read the next one. */
const quiet = 1000;

/** Counts the objects missing from a server whose lists are empty, so that one warning covers all of them. */
export class GoneTogether {
  private count = 0;
  private last = 0;
  private told = 0;
  private waiting = false;

  /**
   * The count so far, for one of the objects found missing at about the same time; nothing for the others. The warning is repeated only
   * when the count has doubled, because each one waits: core may read objects one after another.
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

/** A missing object; `other` describes how the object that has its name now differs. */
export interface Lost extends ObjectQuery {
  readonly other: readonly string[];
}

/** The warning about a missing object; nothing if another warning covers it. */
export async function gone(connection: Connection, { type, binding }: ResourceDefinition, wanted: Lost): Promise<Diagnostic[]> {
  const { client, reader, goneTogether } = connection;
  if (wanted.other.length > 0)
    return [
      warning(
        'Object Is Gone',
        `${type} "${idOf(wanted.key)}" is no longer on the server: another object has its name now, with ${wanted.other.join(', ')}. Terraform plans to recreate it, which fails while the other object exists; rename or remove that one, or manage it with its own resource type.`,
      ),
    ];
  const elsewhere = await whereabouts(binding, client, wanted.key);
  if (elsewhere !== undefined)
    return [
      warning(
        'Object Is Elsewhere',
        `${type} "${idOf(wanted.key)}" is no longer where it was. ${elsewhere} Terraform plans to recreate it, which fails as long as the other one exists.`,
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

/** Where an object is that is not where its key says; nothing if nobody can tell. */
export const whereabouts = async (binding: Binding, client: ApiClient, key: ObjectKey): Promise<string | undefined> =>
  binding.elsewhere?.(client, key).catch(() => undefined);

const emptied = (count: number, endpoint: string): Diagnostic =>
  warning(
    'Server Is Empty',
    `The server at ${endpoint} answers, but its lists are empty: ${count === 1 ? '1 object in this state is' : `${count} objects in this state are`} gone and planned to be recreated. If the server should have objects, check the endpoint before you apply.`,
  );
