/** Name of the file beside a synthesized stack that tells which lines of the app made its blocks. Terraform does not read it. */
export const POSITIONS_FILE = 'repoform.positions.json';

/** What the file has. */
export interface Positions {
  readonly version: 1;
  /** The folder that the app ran in, relative to that of the file. */
  readonly root: string;
  /** `<path relative to the root>:<line>:<column>`, by Terraform's addresses; provider blocks have `provider.<name>[.<alias>]`. */
  readonly positions: Readonly<Record<string, string>>;
}
