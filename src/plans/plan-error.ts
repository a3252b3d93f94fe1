/** Why there is no plan to look at: one sentence, and what the core or the app printed. */
export class PlanError extends Error {
  /** The end of the further lines, shown below the message: a core that misreads a file may print megabytes. */
  readonly details: string;

  constructor(message: string, details = '') {
    super(message);
    this.details = details.slice(-mostDetails);
  }
}

const mostDetails = 8000;
