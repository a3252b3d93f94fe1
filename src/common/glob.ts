/** A glob in which `*` stands for any text and `?` for any character. */
export const globOf = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

/** Whether a text has nothing that a glob gives a meaning, so that it stands for itself alone. */
export const isLiteral = (glob: string): boolean => !/[*?]/.test(glob);
