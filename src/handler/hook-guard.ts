import { ApiError, ArgumentError, AttributeError, HookError, PartialCreateError, UnexpectedAnswer } from '../schema/define/errors';
import type { Log } from './session';
import { NotKnownYet } from '../schema/define/values';

/** A function of a definition that is called. */
export interface Hook {
  /** What it is called for, e.g. `read of acme_team "core"`. */
  readonly name: string;
  /** What is wrong with its answer, e.g. `a list; it returns ...`; nothing when all is well. @default anything goes */
  readonly wrong?: (answer: unknown) => string | undefined;
}

/** Told of each hook that failed by itself, before anybody else is. */
export type OnFault = (fault: HookError) => void;

/** Calls hooks so that what goes wrong in them is told with their name, and what the language has errors for stays as it is. */
export class HookGuard {
  constructor(private readonly onFault: OnFault) {}

  /** Calls a hook that answers at once. */
  now<T>(hook: Hook, call: () => T): T {
    try {
      return this.checked(hook, call());
    } catch (thrown) {
      throw this.told(hook, thrown);
    }
  }

  /** Calls a hook that may take its time. */
  async later<T>(hook: Hook, call: () => Promise<T> | T): Promise<T> {
    try {
      return this.checked(hook, await call());
    } catch (thrown) {
      throw this.told(hook, thrown);
    }
  }

  private checked<T>({ name, wrong }: Hook, answer: T): T {
    const what = wrong?.(answer);
    if (what !== undefined) throw new HookError(name, `returned ${what}`);
    return answer;
  }

  private told(hook: Hook, thrown: unknown): unknown {
    if (thrown instanceof PartialCreateError && !isOwn(thrown.cause)) return new PartialCreateError(this.told(hook, thrown.cause));
    const ended = endOf(hook, thrown);
    if (ended) return ended;
    if (isOwn(thrown) && !(thrown instanceof HookError)) return thrown;
    const fault = thrown instanceof HookError ? thrown : new HookError(hook.name, `threw: ${messageOf(thrown)}`, thrown);
    this.onFault(fault);
    return fault;
  }
}

const own = [ApiError, ArgumentError, AttributeError, HookError, NotKnownYet, PartialCreateError, UnexpectedAnswer];

const isOwn = (thrown: unknown): boolean => own.some((one) => thrown instanceof one);

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : `${describe(thrown)} (${String(thrown)})`);

/** A hook that waited with the client's signal throws its reason. */
function endOf({ name }: Hook, thrown: unknown): ApiError | undefined {
  // A DOMException need not be an `Error`.
  if (typeof thrown !== 'object' || thrown === null || !('name' in thrown) || isOwn(thrown)) return undefined;
  const where = { method: 'GET', url: '', outcomeUnknown: true, cause: thrown };
  if (thrown.name === 'AbortError') return new ApiError(`${name} was stopped`, { ...where, code: 'cancelled' });
  if (thrown.name === 'TimeoutError')
    return new ApiError(`${name} was not done in the time that timeouts allows`, { ...where, code: 'timeout' });
  return undefined;
}

/** A way to write to the log without secrets. */
export interface FaultLog {
  clean(text: string): string;
  readonly log: Log;
}

/** Writes where a hook failed to the log, and takes the secrets out of its message. */
export function tellFault(fault: HookError, { clean, log }: FaultLog): void {
  fault.message = clean(fault.message);
  const stack = fault.cause instanceof Error ? { stack: clean(fault.cause.stack ?? '') } : {};
  log('debug', 'a hook failed', { fault: fault.message, ...stack });
}

/** What a value is, for messages: never the value itself, which may be a secret. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
