import { defineRule } from '../../src/checks/define';
import { suppressionsOf } from '../../src/checks/suppression-file';
import { checked, foundIn, stackText } from './stacks';

const open = { name: 'files', base_url: 'https://files.example.com' };
const withNotes = (body: object, suppress: object): object => ({
  ...body,
  '//': { metadata: { path: 'registry/files' }, repoform: { suppress } },
});

describe('values that are not known', () => {
  test('end a check without a finding, and are listed', () => {
    const text = stackText({
      artifactapi_remote_generic: { files: { name: 'files', base_url: 'https://f.example.com', patterns: '${var.patterns}' } },
    });
    const outcome = checked({ registry: text });
    expect(foundIn(outcome)).toEqual([]);
    expect(outcome.notChecked.map(({ code, address, attribute, why }) => [code, address, attribute, why])).toEqual(
      ['open-proxy', 'pattern-allows-everything', 'unanchored-pattern'].map((code) => [
        code,
        'artifactapi_remote_generic.files',
        'patterns',
        'unknown',
      ]),
    );
  });

  test('what was found before stays', () => {
    const rule = defineRule({
      code: 'two-things',
      summary: 'Two things.',
      severity: 'note',
      fix: 'None.',
      checkResource(resource, { report }) {
        report('the first');
        if (resource.text('description') === 'x') report('the second');
      },
    });
    const text = stackText({ artifactapi_remote_generic: { files: { ...open, description: '${var.what}' } } });
    const { findings, notChecked } = checked({ registry: text }, { rules: [rule] });
    expect(findings.map(({ message }) => message)).toEqual(['the first']);
    expect(notChecked).toHaveLength(1);
  });

  test('a member that is not known may be declared', () => {
    const text = stackText({
      artifactapi_virtual: { all: { name: 'all', package_type: 'helm', members: ['${var.member}', 'nobody'] } },
    });
    expect(foundIn(checked({ registry: text }))).toEqual(['undeclared-member artifactapi_virtual.all']);
  });
});

describe('members', () => {
  const members = (first: string, second: string): string =>
    stackText({
      artifactapi_remote_npm: { public: { name: 'public', base_url: 'https://npm.example.com', blocklist: ['^@acme/'] } },
      artifactapi_local_npm: { own: { name: 'own' } },
      artifactapi_virtual: { npm: { name: 'npm', package_type: 'npm', members: [first, second] } },
    });
  const order = (text: string): string[] => foundIn(checked({ registry: text })).filter((one) => !one.startsWith('unserved'));

  test('are followed through references and by name', () => {
    const reference = { public: '${artifactapi_remote_npm.public.name}', own: '${artifactapi_local_npm.own.name}' };
    expect(order(members(reference.public, reference.own))).toEqual(['public-remote-first artifactapi_virtual.npm']);
    expect(order(members('public', 'own'))).toEqual(['public-remote-first artifactapi_virtual.npm']);
    expect(order(members(reference.own, reference.public))).toEqual([]);
  });

  test('may be declared by another stack', () => {
    const text = stackText({ artifactapi_virtual: { all: { name: 'all', package_type: 'helm', members: ['charts'] } } });
    const other = stackText({
      artifactapi_remote_helm: { charts: { name: 'charts', base_url: 'https://c.example.com', blocklist: ['^acme-'] } },
    });
    expect(foundIn(checked({ one: text }))).toEqual(['undeclared-member artifactapi_virtual.all']);
    expect(foundIn(checked({ one: text, two: other }))).toEqual([]);
  });
});

describe('the same object twice', () => {
  const remote = (endpoint: string): string =>
    stackText(
      { artifactapi_remote_helm: { charts: { name: 'charts', base_url: 'https://c.example.com', blocklist: ['^acme-'] } } },
      {
        provider: { artifactapi: [{ endpoint }] },
      },
    );

  test('is found across stacks of one server, and not of two', () => {
    const [here, there] = ['https://one.example.com', 'https://two.example.com'];
    expect(foundIn(checked({ one: remote(here), two: remote(`${here}/`) }))).toEqual(['duplicate-object artifactapi_remote_helm.charts']);
    expect(foundIn(checked({ one: remote(here), two: remote(there) }))).toEqual([]);
  });

  test('is found in a project that is referred to, and not in two', () => {
    const repository = (project: string) => ({ project: `\${bkrepo_project.${project}.project_id}`, name: 'files', type: 'GENERIC' });
    const text = stackText({
      bkrepo_project: { a: { name: 'aa', display_name: 'A' }, b: { name: 'bb', display_name: 'B' } },
      bkrepo_local_repository: { one: repository('a'), two: repository('b') },
      bkrepo_remote_repository: { three: { ...repository('b'), upstream_url: 'https://files.example.com' } },
    });
    expect(foundIn(checked({ registry: text }))).toEqual(['duplicate-object bkrepo_remote_repository.three']);
  });

  test('a remote and a local of one name are the same object', () => {
    const text = stackText({
      artifactapi_remote_pypi: { one: { name: 'python', base_url: 'https://p.example.com', blocklist: ['^simple/acme-'] } },
      artifactapi_local_pypi: { two: { name: 'python' } },
    });
    expect(foundIn(checked({ registry: text }))).toEqual(['duplicate-object artifactapi_local_pypi.two']);
  });
});

describe('suppressions', () => {
  const suppressed = (suppress: object) =>
    checked({ registry: stackText({ artifactapi_remote_generic: { files: withNotes(open, suppress) } }) });

  test('take a finding out, with their reasons', () => {
    const outcome = suppressed({ 'open-proxy': 'our own server' });
    expect(outcome.findings).toEqual([]);
    expect(outcome.suppressed.map(({ finding, reason, isInSource }) => [finding.code, reason, isInSource])).toEqual([
      ['open-proxy', 'our own server', true],
    ]);
  });

  test('of a rule that does not exist are errors, with the one that was meant', () => {
    const { findings } = suppressed({ 'open-proxi': 'our own server' });
    expect(findings.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['invalid-suppression', 'error', 'the suppressed rule "open-proxi" does not exist; did you mean "open-proxy"?'],
      ['open-proxy', 'warning', '"files" lets clients fetch everything from https://files.example.com'],
    ]);
  });

  test('without a reason are errors, and have no effect', () => {
    expect(foundIn(suppressed({ 'open-proxy': ' ' })).sort()).toEqual([
      'invalid-suppression artifactapi_remote_generic.files',
      'open-proxy artifactapi_remote_generic.files',
    ]);
  });

  test('that match nothing are notes', () => {
    const { findings } = suppressed({ 'open-proxy': 'our own server', 'literal-secret': 'a test' });
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['unused-suppression', 'note']]);
  });

  test('of a construct with several resources are one, used if one of them uses it', () => {
    const [ours, unused] = [{ 'open-proxy': 'ours' }, { 'literal-secret': 'ours' }];
    const both = (suppress: object) => ({
      files: withNotes(open, suppress),
      more: withNotes({ ...open, name: 'more', patterns: ['^a/'] }, suppress),
    });
    expect(foundIn(checked({ registry: stackText({ artifactapi_remote_generic: both(ours) }) }))).toEqual([]);
    expect(foundIn(checked({ registry: stackText({ artifactapi_remote_generic: both({ ...ours, ...unused }) }) }))).toEqual([
      'unused-suppression artifactapi_remote_generic.files',
    ]);
  });

  test('in a file are by address and stack', () => {
    const file = (stack: string) =>
      suppressionsOf(JSON.stringify({ suppress: [{ rule: 'open-proxy', address: 'artifactapi_remote_*', stack, reason: 'ours' }] }));
    const parsed = [file('registry'), file('other')].map((one) => ('value' in one ? one.value : []));
    const text = stackText({ artifactapi_remote_generic: { files: open } });
    expect(foundIn(checked({ registry: text }, { suppressions: parsed[0] ?? [] }))).toEqual([]);
    expect(foundIn(checked({ registry: text }, { suppressions: parsed[1] ?? [] }))).toEqual([
      'open-proxy artifactapi_remote_generic.files',
      'unused-suppression artifactapi_remote_*',
    ]);
  });

  test.each([
    ['{', 'it is not valid JSON'],
    ['{"suppress":[{"rule":"open-proxy","address":"x"}]}', 'suppress.0.reason: Invalid input: expected string, received undefined'],
    ['{"suppressed":[]}', 'suppress: Invalid input: expected array, received undefined'],
  ])('a file %s is refused', (text, problem) => {
    expect(suppressionsOf(text)).toEqual({ problem });
  });
});

describe('what is declared with a sensitive value', () => {
  test('is not shown, and a literal among expressions is found', () => {
    const text = stackText(
      {},
      {
        provider: {
          artifactapi: [
            {
              headers: [
                { name: 'a', value: '${var.a}' },
                { name: 'b', value: 'hunter2' },
              ],
            },
          ],
        },
      },
    );
    const outcome = checked({ registry: text });
    expect(outcome.findings.map(({ code, message }) => [code, message])).toEqual([
      ['literal-secret', 'the secret "headers[1].value" of the provider block is a literal'],
    ]);
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });
});

test('a large state is local without a backend, and not in the cloud', () => {
  const many = Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`f${n}`, { name: `f${n}` }]));
  const stack = (terraform: object): string => {
    const json = JSON.parse(stackText({ artifactapi_local_generic: many })) as { terraform: { required_providers: object } };
    const { required_providers } = json.terraform;
    return JSON.stringify({ ...json, terraform: { required_providers, ...terraform } });
  };
  expect(foundIn(checked({ registry: stack({}) }))).toEqual(['large-local-state registry']);
  expect(foundIn(checked({ registry: stack({ backend: { local: {} } }) }))).toEqual(['large-local-state registry']);
  expect(foundIn(checked({ registry: stack({ cloud: { organization: 'acme' } }) }))).toEqual([]);
});

test('types of other providers are left alone', () => {
  const text = stackText({ aws_s3_bucket: { files: { name: 'files', patterns: [] } } });
  const outcome = checked({ registry: text });
  expect([outcome.findings, outcome.resources]).toEqual([[], 0]);
});

test.each([
  [{ code: 'No' }, '"code" must be in kebab-case'],
  [{ severity: 'fatal' as never }, '"severity" is "fatal"; expected one of error, warning, note'],
  [{ fix: '' }, '"fix" is empty'],
])('a rule with %j is refused', (wrong, problem) => {
  const rule = { code: 'mine', summary: 'S.', severity: 'note', fix: 'F.', checkStack: () => undefined } as const;
  expect(() => defineRule({ ...rule, ...wrong })).toThrow(problem);
});

test('a rule without a check is refused, and one that fails is named', () => {
  const rule = { code: 'mine', summary: 'S.', severity: 'note', fix: 'F.' } as const;
  expect(() => defineRule(rule)).toThrow('it has no check; add checkResource, checkProvider, checkStack or checkOnServer');
  const broken = defineRule({ ...rule, checkStack: () => (undefined as never as string[]).join() });
  expect(() => checked({ registry: stackText({}) }, { rules: [broken] })).toThrow(
    'the rule "mine" failed at registry: Cannot read properties',
  );
});
