import type { ValueRecord } from '../common/value';
import { snakeCase } from '../common/names';
import type { ObjectKey } from '../schema/define/binding';
import { ApiError, PartialCreateError } from '../schema/define/errors';
import { type Needs, needsText, type Operation } from '../schema/define/needs';

/** A definition whose operations need something. */
interface Needing {
  readonly type: string;
  readonly needs?: Needs;
  /** The camelCase attributes of the key. */
  readonly key?: readonly string[];
}

/** What an operation is called with. */
export interface Attempt {
  readonly operation: Operation;
  readonly key?: ObjectKey;
  /** The values of the object, as far as they are known. */
  readonly values?: ValueRecord | undefined;
}

/** Calls a hook; if the server refuses what it does, the error says what the operation needs. */
export async function naming<T>({ type, needs, key: names = [] }: Needing, attempt: Attempt, call: () => Promise<T>): Promise<T> {
  const { operation, key = [], values } = attempt;
  const list = needs?.[operation];
  if (list === undefined || list.length === 0) return call();
  try {
    return await call();
  } catch (thrown) {
    const ofKey = Object.fromEntries(names.map((name, index) => [snakeCase(name), key[index] ?? null]));
    throw told(thrown, () => needsText(list, { operation, type, values: { ...values, ...ofKey } }) ?? '');
  }
}

const refusals: ReadonlySet<string> = new Set(['forbidden', 'unauthorized']);
/** Marks errors that say it already: a lookup in a hook says what the lookup needs. */
const SAID = Symbol('says what is needed');

function told(thrown: unknown, text: () => string): unknown {
  if (thrown instanceof PartialCreateError) return new PartialCreateError(told(thrown.cause, text));
  if (!(thrown instanceof ApiError) || !refusals.has(thrown.code) || SAID in thrown) return thrown;
  const first = thrown.code === 'unauthorized' ? 'Check the credentials.' : '';
  const advice = [first, text(), thrown.advice ?? ''].filter((part) => part !== '').join(' ');
  return Object.create(thrown, { advice: { value: advice }, [SAID]: { value: true } });
}
