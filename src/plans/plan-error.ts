/** Why there is no plan to look at: one sentence, and what the core or the app printed. */
export class PlanError extends Error {
  /** @param details further lines, shown below the message */
  constructor(
    message: string,
    readonly details = '',
  ) {
    super(message);
  }
}
