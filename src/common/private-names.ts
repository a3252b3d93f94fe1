/** A name or a prefix of names that belongs to the organization. */
export interface PrivateName {
  readonly text: string;
  /** Whether it is a prefix: it ends with `/`, `-`, `.` or `_`. */
  readonly isPrefix: boolean;
}

/** Where the names of a package type occur in the paths of its repositories. */
export interface NameLayout {
  /** What a name or a prefix looks like. */
  readonly shape: RegExp;
  /** What to write, e.g. `"@acme/" or "acme-"`. */
  readonly examples: string;
  /** RE2 patterns of the paths that belong to a name. */
  patterns(name: PrivateName): readonly string[];
  /** What clients have to be told of the names, in the form of their configuration. @default nothing */
  settings?(names: readonly PrivateName[]): string;
}

/** The problem with a text that is neither a name nor a prefix; nothing when it is one. */
export function privateNameProblem({ shape, examples }: NameLayout, text: string): string | undefined {
  if (text !== '' && shape.test(text)) return undefined;
  return `privateNames: "${text}" is neither a name nor a prefix, which ends with "/", "-", "." or "_"; write e.g. ${examples}`;
}

/** RE2 patterns of all paths that belong to names. */
export function privatePatterns(layout: NameLayout, names: readonly string[]): string[] {
  return names.map(privateName).flatMap((name) => layout.patterns(name));
}

/** What clients have to be told of names, if anything. */
export function privateSettings({ settings }: NameLayout, names: readonly string[]): string {
  return names.length > 0 ? (settings?.(names.map(privateName)) ?? '') : '';
}

function privateName(text: string): PrivateName {
  return { text, isPrefix: /[/._-]$/.test(text) };
}

/** A text as a pattern that matches it and nothing else. */
export function quote(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** Where a file name starts in a path. */
export const fileStart = '(?:^|/)';
