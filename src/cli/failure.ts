import { visible } from '../common/visible';

/** A problem that the user can fix: one sentence that says what is wrong and what to do. */
export class Failure extends Error {}

/** Wrong usage: arguments or options, or variables in their place, that no server or file makes right. */
export class Misuse extends Failure {}

/** A failure that has been written already, in another form than that of commands; its cause is the failure. */
export class Written extends Error {}

/** The system error behind what was thrown, with a code such as `EADDRINUSE`; nothing if there is none. */
export function systemError(thrown: unknown): NodeJS.ErrnoException | undefined {
  if (!(thrown instanceof Error)) return undefined;
  return 'code' in thrown && typeof thrown.code === 'string' ? (thrown as NodeJS.ErrnoException) : systemError(thrown.cause);
}

/** Anything thrown, in one line. */
export function lineOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return printable(text.replace(/\s*\n\s*/g, ' ')).trim();
}

/** A text as one line for a terminal. What comes from a server may contain characters that move the cursor or hide what is written. */
export const printable = (text: string): string => visible(text.replace(/[\n\r\t\v\f\p{Zl}\p{Zp}]+/gu, ' '));

/** The lines that follow what was thrown, such as a compiler's; mostly none. They are not asked for their class: the library has its own. */
export function detailsOf(thrown: unknown): string {
  return thrown instanceof Error && 'details' in thrown && typeof thrown.details === 'string' ? thrown.details : '';
}
