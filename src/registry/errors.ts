/** An answer other than success, with the text that the client reads. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The text of whatever was thrown, with the cause that network libraries hide one level down. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error && thrown.cause.message ? `: ${thrown.cause.message}` : '';
  return (thrown.message || (thrown as NodeJS.ErrnoException).code || thrown.name) + cause;
}
