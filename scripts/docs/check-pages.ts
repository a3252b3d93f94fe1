import { rules } from '../../src/checks/gen/rules';
import { suppressionRules } from '../../src/checks/suppressions';
import { type RuleFile, ruleFiles } from '../rules/reader';

const titles: Readonly<Record<string, string>> = {
  general: 'Every backend',
  artifactapi: 'ArtifactAPI',
  bkrepo: 'BK-Repo',
  kubesphere: 'KubeSphere',
};

/** The pages of the rules by their names in `docs/checks`: one for each, made of its file, and a list of all. */
export function checkPages(): ReadonlyMap<string, string> {
  const files = ruleFiles();
  return new Map([['index', indexPage(files)], ...files.map((file) => [file.code, rulePage(file)] as const)]);
}

function ruleOf(code: string) {
  const rule = rules.find((one) => one.code === code);
  if (!rule) throw new Error(`the rule ${code} is not in the generated list; run npm run generate`);
  return rule;
}

function indexPage(files: readonly RuleFile[]): string {
  const areas = Object.entries(titles).map(([area, title]) => {
    const rows = files
      .filter((file) => file.area === area)
      .map(({ code, summary }) => `| [${code}](${code}.md) | ${ruleOf(code).severity} | ${summary} |\n`);
    return `## ${title}\n\n| rule | severity | what it finds |\n| --- | --- | --- |\n${rows.join('')}`;
  });
  const own = suppressionRules.map(({ code, severity, summary }) => `| ${code} | ${severity} | ${summary} |\n`);
  return `# Rules

The rules of \`repoform check\` and \`RegistryChecks\`. The [guide](../guides/checking.md) says how to run and suppress them, and how to write
your own.

${areas.join('\n')}
## Suppressions

These cannot be suppressed.

| rule | severity | what it finds |
| --- | --- | --- |
${own.join('')}`;
}

function rulePage({ code, summary, bad, good }: RuleFile): string {
  const { severity, fix, checkOnServer, checkResource, checkProvider, checkStack } = ruleOf(code);
  const offline = [checkResource, checkProvider, checkStack].some((one) => one !== undefined);
  const server = checkOnServer
    ? `\n\n${offline ? 'With `--endpoint`, the live server decides.' : 'It needs the live server: pass `--endpoint`.'}`
    : '';
  return `# ${code}

${summary}

Severity: ${severity}. ${fix}${server}

## Bad

\`\`\`ts
${bad.trim()}
\`\`\`

## Good

\`\`\`ts
${good.trim()}
\`\`\`

## Suppressing it

\`\`\`ts
suppressRule(construct, '${code}', 'why this is acceptable here');
\`\`\`

\`suppressRule\` is in \`repoform/checks\`; for HCL and plans, see the [guide](../guides/checking.md#suppressing-findings).
`;
}
