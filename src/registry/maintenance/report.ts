/** Where a long task says what it does. */
export interface Report {
  /** A finding, or a step that is done. */
  line(text: string): void;
  /** How far it is; only the latest matters. */
  progress(text: string): void;
}
