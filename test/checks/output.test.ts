import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import type { Outcome } from '../../src/checks/findings';
import { toCodeQuality } from '../../src/checks/output/code-quality';
import { toJson } from '../../src/checks/output/json';
import { toSarif } from '../../src/checks/output/sarif';
import { toText } from '../../src/checks/output/text';
import { checked, stackText } from './stacks';

const jsonOf = (module: string): object => JSON.parse(readFileSync(require.resolve(module), 'utf8')) as object;

/** The schema of SARIF 2.1.0, as SchemaStore has it. */
const schema = jsonOf('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const ajv = new Ajv({ schemaId: 'id', meta: false, format: 'full', unknownFormats: 'ignore' });
ajv.addMetaSchema(jsonOf('ajv/lib/refs/json-schema-draft-04.json'));
const validate = ajv.compile(schema);

const comment = (name: string, suppress: object): object => ({ metadata: { path: `registry/${name}` }, repoform: { suppress } });
const outcome = checked({
  registry: stackText(
    {
      artifactapi_remote_generic: {
        mirror: { name: 'mirror', base_url: 'https://files.example.com', '//': comment('mirror', { 'open-proxy': 'our own' }) },
        open: { name: 'o\u001b[31m\u202epen', base_url: 'https://files.example.com', '//': comment('open', {}) },
        later: { name: 'later', base_url: 'https://files.example.com', patterns: '${var.patterns}' },
      },
    },
    { provider: { artifactapi: [{ endpoint: 'https://a.example.com', insecure_skip_verify: true }] } },
  ),
});
const report = (of: Outcome) => ({
  outcome: of,
  positionOf: ({ address }: { readonly address: string | undefined }) =>
    address === 'artifactapi_remote_generic.open' ? { file: 'src/my app/main.ts', line: 12, column: 5 } : undefined,
  fileOf: () => 'cdktf.out/stacks/registry/cdk.tf.json',
});

const paint = (_severity: string, text: string): string => text;

test('text has the position, what is wrong, what to do and the address, without control characters', () => {
  expect(toText(report(outcome), { max: 50, suppressed: true, paint })).toBe(`registry: provider.artifactapi error tls-verification-off
  the provider accepts any server certificate
  Remove insecure_skip_verify, and name your own CA in ca_cert.

src/my app/main.ts:12:5 warning open-proxy
  "o\\u001b[31m\\u202epen" lets clients fetch everything from https://files.example.com
  List in patterns what may be fetched, or in blocklist what may not.
  at registry: artifactapi_remote_generic.open

registry: artifactapi_remote_generic.mirror warning open-proxy (suppressed)
  "mirror" lets clients fetch everything from https://files.example.com
  reason: our own

Not checked:
  "open-proxy" was not checked at artifactapi_remote_generic.later: "patterns" is known only after apply
  "pattern-allows-everything" was not checked at artifactapi_remote_generic.later: "patterns" is known only after apply
  "unanchored-pattern" was not checked at artifactapi_remote_generic.later: "patterns" is known only after apply

1 error, 1 warning in 3 resources of 1 stack; 1 suppressed; 3 checks not possible
`);
});

test('JSON has everything, in the format that the guide describes', () => {
  const json = JSON.parse(toJson(report(outcome))) as Record<string, unknown>;
  expect(Object.keys(json)).toEqual(['version', 'summary', 'findings', 'suppressed', 'notChecked', 'rules']);
  const { summary, version, findings, suppressed, notChecked } = json as Record<'summary' | 'version', unknown> &
    Record<'findings' | 'suppressed' | 'notChecked', unknown[]>;
  expect(version).toBe(1);
  expect(summary).toEqual({
    errors: 1,
    warnings: 1,
    notes: 0,
    suppressed: 1,
    notChecked: 3,
    resources: 3,
    stacks: 1,
    rules: outcome.rules.length,
  });
  expect(findings[1]).toEqual({
    code: 'open-proxy',
    severity: 'warning',
    message: '"o\u001b[31m\u202epen" lets clients fetch everything from https://files.example.com',
    fix: 'List in patterns what may be fetched, or in blocklist what may not.',
    url: 'https://github.com/repoform/repoform/blob/main/docs/checks/open-proxy.md',
    stack: 'registry',
    address: 'artifactapi_remote_generic.open',
    attribute: 'patterns',
    construct: 'registry/open',
    position: { file: 'src/my app/main.ts', line: 12, column: 5 },
  });
  expect(suppressed[0]).toMatchObject({ code: 'open-proxy', construct: 'registry/mirror', reason: 'our own', position: null });
  expect(notChecked[0]).toEqual({
    code: 'open-proxy',
    stack: 'registry',
    address: 'artifactapi_remote_generic.later',
    attribute: 'patterns',
    why: 'unknown',
    detail: null,
  });
});

test('GitLab gets what its Code Quality reports have: a line for each finding, and nothing that is suppressed', () => {
  const issue = { fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) as string };
  expect(JSON.parse(toCodeQuality(report(outcome)))).toEqual([
    {
      ...issue,
      description: 'The provider accepts any server certificate. Remove insecure_skip_verify, and name your own CA in ca_cert.',
      check_name: 'tls-verification-off',
      severity: 'critical',
      location: { path: 'cdktf.out/stacks/registry/cdk.tf.json', lines: { begin: 1 } },
    },
    {
      ...issue,
      description: expect.stringContaining('lets clients fetch everything') as string,
      check_name: 'open-proxy',
      severity: 'major',
      location: { path: 'src/my app/main.ts', lines: { begin: 12 } },
    },
  ]);
});

describe('SARIF', () => {
  const sarif = JSON.parse(toSarif(report(outcome), '1.2.3')) as {
    runs: [{ tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number; [name: string]: unknown }[] }];
  };
  const [{ tool, results }] = sarif.runs;

  test('is valid by the schema of the standard, which refuses what is not', () => {
    expect([validate(sarif), validate.errors]).toEqual([true, null]);
    expect(validate({ ...sarif, runs: [{ results }] })).toBe(false);
  });

  test('has the line of the source, else the file of the stack', () => {
    expect(results.map(({ ruleId, locations }) => [ruleId, (locations as [{ physicalLocation: unknown }])[0].physicalLocation])).toEqual([
      ['tls-verification-off', { artifactLocation: { uri: 'cdktf.out/stacks/registry/cdk.tf.json', uriBaseId: '%SRCROOT%' } }],
      [
        'open-proxy',
        { artifactLocation: { uri: 'src/my%20app/main.ts', uriBaseId: '%SRCROOT%' }, region: { startLine: 12, startColumn: 5 } },
      ],
      ['open-proxy', { artifactLocation: { uri: 'cdktf.out/stacks/registry/cdk.tf.json', uriBaseId: '%SRCROOT%' } }],
    ]);
  });

  test('says which findings are suppressed, and why', () => {
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      undefined,
      undefined,
      [{ kind: 'inSource', justification: 'our own' }],
    ]);
  });

  test('describes each rule, and refers to it', () => {
    expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id)).toEqual(results.map(({ ruleId }) => ruleId));
    expect(tool.driver.rules.map(({ id }) => id)).toContain('invalid-suppression');
  });

  test('has one fingerprint for one finding, and others for others', () => {
    const prints = results.map(({ partialFingerprints }) => (partialFingerprints as Record<string, string>)['repoformFinding/v1']);
    expect(new Set(prints).size).toBe(3);
  });
});

test('5,000 findings are all in JSON and SARIF; text is bounded and says so', () => {
  const names = Array.from({ length: 5000 }, (_, n) => `r${n}`);
  const many = checked({
    registry: stackText({
      artifactapi_remote_generic: Object.fromEntries(names.map((name) => [name, { name, base_url: 'https://files.example.com' }])),
    }),
  });
  expect(many.findings).toHaveLength(5000);
  const text = toText(report(many), { max: 50, suppressed: false, paint });
  expect(text.match(/ warning open-proxy$/gm)).toHaveLength(50);
  expect(text).toContain('... and 4,950 more; --max 0 shows all of them, --format json and sarif always do\n');
  expect(text).toMatch(/^5,000 warnings in 5,000 resources of 1 stack\n$/m);
  expect(toText(report(many), { max: 0, suppressed: false, paint }).match(/ warning open-proxy$/gm)).toHaveLength(5000);
  expect((JSON.parse(toJson(report(many))) as { findings: unknown[] }).findings).toHaveLength(5000);
  expect((JSON.parse(toSarif(report(many), '1.0.0')) as { runs: [{ results: unknown[] }] }).runs[0].results).toHaveLength(5000);
});
