import { readFileSync } from 'node:fs';
import { apiReport, reportFile } from '../../scripts/api-report';

test('the report of what the package exports is up to date; npm run docs writes it', () => {
  expect(readFileSync(reportFile, 'utf8')).toBe(apiReport());
});

test('the report tells of every entry point, of what is not exported, and nothing private', () => {
  const report = readFileSync(reportFile, 'utf8');
  expect([...report.matchAll(/^## `(.*)`$/gm)].map(([, entry]) => entry)).toEqual(
    expect.arrayContaining(
      ['artifactapi', 'bkrepo', 'kubesphere', 'constructs', 'provider', 'cdktn/artifactapi'].map((entry) => `repoform/${entry}`),
    ),
  );
  expect(report).toContain(
    '\n  get banTags(): string[]; set banTags(value: string[]); get banTagsInput(): string[] | undefined; resetBanTags(): void;\n',
  );
  expect(report).toContain('\nclass LocalNpm extends LocalBase\n');
  expect(report).toContain('\nRemoteNpmTimeouts = Timeouts\n');
  expect(report).toMatch(/Used by these, but not exported:\n\n```ts\n(?:.*\n)*?abstract class Resource extends TerraformResource\n/);
  expect(report).not.toMatch(/^ +(?:private |#)|\/\*\*/m);
});
