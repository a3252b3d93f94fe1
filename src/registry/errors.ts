/** An unsuccessful answer, with the text for the client. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** A path refused by the remote's access lists or its package type. */
export class DeniedError extends HttpError {
  constructor(reason: string) {
    super(403, reason);
  }
}

/** A repository that does not exist, so that no package type says what form its clients read. */
export class UnknownRepositoryError extends HttpError {
  constructor(kind: string, name: string) {
    super(404, `${kind} ${JSON.stringify(name)} not found`);
  }
}

/** The message of anything thrown, with the cause that network libraries hide one level down. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error && thrown.cause.message ? `: ${thrown.cause.message}` : '';
  return (thrown.message || (thrown as NodeJS.ErrnoException).code || thrown.name) + cause;
}
