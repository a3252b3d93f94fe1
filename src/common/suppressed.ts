/** The key of our notes in the comment (`"//"`) of a synthesized block. */
export const NOTES_KEY = 'repoform';

/** What the notes of a block say: which rules are suppressed there, with the reasons. */
export interface Notes {
  readonly suppress?: Readonly<Record<string, string>>;
}
