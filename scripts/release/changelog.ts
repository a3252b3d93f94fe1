const unreleased = '## Unreleased';
const heading = /^## (\S+)(?: - (\d{4}-\d{2}-\d{2}))?$/gm;

/** A section of the changelog. */
export interface Section {
  /** A version, or `Unreleased`. */
  readonly name: string;
  /** The day of the release, e.g. `2026-11-29`; a section without one is not released. */
  readonly date: string | undefined;
  /** What is below the heading. */
  readonly text: string;
}

/** The sections of a changelog in the form of keepachangelog.com, the newest first. */
export function sectionsOf(changelog: string): Section[] {
  const headings = [...changelog.matchAll(heading)];
  return headings.map(({ 0: line, 1: name = '', 2: date, index }, at) => ({
    name,
    date,
    text: changelog.slice(index + line.length, headings[at + 1]?.index).trim(),
  }));
}

/** The changelog with everything unreleased under a version and a day. */
export function released(changelog: string, version: string, date: string): string {
  const sections = sectionsOf(changelog);
  const { text } = sections.find(({ name }) => name === 'Unreleased') ?? { text: '' };
  if (text === '') throw new Error('CHANGELOG.md has nothing under "## Unreleased"; there is nothing to release');
  if (sections.some(({ name }) => name === version)) throw new Error(`CHANGELOG.md already has a section "## ${version}"`);
  return changelog.replace(unreleased, () => `${unreleased}\n\n## ${version} - ${date}`);
}
