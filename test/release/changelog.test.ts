import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { released, sectionsOf } from '../../scripts/release/changelog';
import { lostLines, problemOf } from '../../scripts/release/versions';

const changelog = '# Changelog\n\nText.\n\n## Unreleased\n\n- New.\n\n## 1.0.0 - 2026-01-02\n\n### Added\n\n- Old.\n';

test('a changelog has sections by version', () => {
  expect(sectionsOf(changelog)).toEqual([
    { name: 'Unreleased', date: undefined, text: '- New.' },
    { name: '1.0.0', date: '2026-01-02', text: '### Added\n\n- Old.' },
  ]);
});

test('a release gets what was unreleased', () => {
  const after = released(changelog, '1.1.0', '2026-02-03');
  expect(after).toBe(changelog.replace('## Unreleased\n', '## Unreleased\n\n## 1.1.0 - 2026-02-03\n'));
  expect(() => released(after, '1.2.0', '2026-02-04')).toThrow('nothing under "## Unreleased"');
  expect(() => released(changelog, '1.0.0', '2026-02-03')).toThrow('already has a section "## 1.0.0"');
});

test('our changelog has a dated section for the version of the package, and every version once, the newest first', () => {
  const root = join(__dirname, '../..');
  const sections = sectionsOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const [unreleased, last] = sections;
  expect(unreleased?.name).toBe('Unreleased');
  expect(last).toMatchObject({ name: version, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown });
  const dates = sections.slice(1).map(({ date }) => date);
  expect(dates).toEqual([...dates].sort().reverse());
});

test.each([
  ['0.1.0', '0.1.1', [], undefined],
  ['0.1.0', '0.2.0', ['class A'], undefined],
  ['0.1.0', '0.2.0-rc.1', ['class A'], undefined],
  ['1.1.0', '1.2.0', [], undefined],
  ['1.1.0', '2.0.0', ['class A'], undefined],
  ['1.0.0-rc.1', '1.0.0', ['class A'], undefined],
  [
    '0.1.0',
    '0.1.1',
    ['class A'],
    /^0\.1\.1 is a patch release, but .* lost lines since 0\.1\.0; release 0\.2\.0 or restore them:\n {2}class A$/,
  ],
  ['1.1.0', '1.2.0', ['class A'], /release 2\.0\.0 or restore/],
  ['0.2.0', '0.1.9', [], /^0\.1\.9 is not newer than 0\.2\.0, the last release$/],
  ['0.2.0', '0.2.0', [], /is not newer/],
  ['0.2.0', 'v0.3.0', [], /^"v0\.3\.0" is no version; expected one like "0\.3\.0"/],
  ['0.2.0', '0.3', [], /is no version/],
])('from %s to %s, with %j lost', (...[from, to, lost, problem]) => {
  const found = problemOf({ from, to, lost });
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(problem);
});

test('lines are lost wherever they were', () => {
  expect(lostLines('a\n  b\n\nc', 'c\nd\na')).toEqual(['  b']);
});
