import type { Diagnostic } from '../common/diagnostic';
import { ApiError, ArgumentError, AttributeError, HookError, PartialCreateError, UnexpectedAnswer } from '../schema/define/errors';
import type { Log } from './session';
import { NotKnownYet } from '../schema/define/values';

/** A call of a function of a definition. */
export interface Hook {
  /** What it is called for, e.g. `read of acme_team "core"`. */
  readonly name: string;
  /** Describes a wrong return value, e.g. `a list; it must return ...`; nothing for a valid one. @default any value is valid */
  readonly wrong?: (answer: unknown) => string | undefined;
}

/** Calls hooks so that unexpected failures carry the hook's name; the errors that the language defines pass through. */
export class HookGuard {
  constructor(private readonly output: FaultLog) {}

  /** Calls a synchronous hook. */
  now<T>(hook: Hook, call: () => T): T {
    try {
      return this.checked(hook, call());
    } catch (thrown) {
      throw this.told(hook, thrown);
    }
  }

  /** Calls an asynchronous hook. */
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
    if (thrown instanceof PartialCreateError) return new PartialCreateError(this.told(hook, thrown.cause));
    const ended = endOf(hook, thrown);
    if (ended) return ended;
    if (isOwn(thrown) && !(thrown instanceof HookError)) return this.withoutSecrets(thrown);
    const fault = thrown instanceof HookError ? thrown : new HookError(hook.name, `threw: ${messageOf(thrown)}`, thrown);
    tellFault(fault, this.output);
    return fault;
  }

  /** A diagnostic of a hook, without secrets. */
  cleaned(diagnostic: Diagnostic): Diagnostic {
    const { clean } = this.output;
    return { ...diagnostic, summary: clean(diagnostic.summary), detail: clean(diagnostic.detail) };
  }

  /** An error that a hook made may say what it was called with; nobody else's error is changed. */
  private withoutSecrets(thrown: Error): Error {
    const message = this.output.clean(thrown.message);
    return message === thrown.message ? thrown : (Object.create(thrown, { message: { value: message } }) as Error);
  }
}

const own = [ApiError, ArgumentError, AttributeError, HookError, NotKnownYet, PartialCreateError, UnexpectedAnswer];

const isOwn = (thrown: unknown): thrown is Error => own.some((one) => thrown instanceof one);

/** What was thrown may be anything, also what is no text and what throws when it is looked at. */
function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : `${describe(thrown)} (${String(thrown)})`;
  } catch {
    return describe(thrown);
  }
}

/** A hook that waited with the client's signal throws its reason. */
function endOf({ name }: Hook, thrown: unknown): ApiError | undefined {
  // A DOMException need not be an `Error`.
  if (isOwn(thrown)) return undefined;
  const ending = nameOf(thrown);
  const where = { method: 'GET', url: '', outcomeUnknown: true, cause: thrown };
  if (ending === 'AbortError') return new ApiError(`${name} was stopped`, { ...where, code: 'cancelled' });
  if (ending === 'TimeoutError')
    return new ApiError(`${name} did not finish within the time that "timeouts" allows`, { ...where, code: 'timeout' });
  return undefined;
}

function nameOf(thrown: unknown): unknown {
  try {
    return typeof thrown === 'object' && thrown !== null && 'name' in thrown ? thrown.name : undefined;
  } catch {
    return undefined;
  }
}

/** A log that redacts secrets. */
export interface FaultLog {
  clean(text: string): string;
  readonly log: Log;
}

/** Logs where a hook failed, and redacts its message. */
function tellFault(fault: HookError, { clean, log }: FaultLog): void {
  fault.message = clean(fault.message);
  const stack = fault.cause instanceof Error ? { stack: clean(fault.cause.stack ?? '') } : {};
  log('debug', 'a hook failed', { fault: fault.message, ...stack });
}

/** Names the type of a value for messages; never the value itself, which may be a secret. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
