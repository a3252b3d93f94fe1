import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { TerraformStack, Testing } from 'cdktf';
import { inspect } from 'node:util';
import { AppRepositoryManifest, secretVariable } from '../../constructs/kubesphere';
import { knownProviders, selectedRules } from '../../src/check-engine';
import { check } from '../../src/checks/check';
import { Estate } from '../../src/checks/model/estate';
import { UNKNOWN } from '../../src/common/value';
import { describe } from '../../src/diff/describe';
import { textOf } from '../../src/diff/text';
import { checked, foundIn } from '../checks/stacks';
import { fixtureText, known, planIn } from './fixtures/fixtures';
import { parseStack } from '../../src/plans/parse-stack';
import { Secret } from '../../src/plans/value';

/** A plan of Terraform 1.11 with version 2.38 of the `kubernetes` provider, on a cluster with KubeSphere 4. */
const plan = planIn(fixtureText('kubernetes-2.38'));
const password = 'geheim-1';

test('app repositories in a plan of the kubernetes provider have the attributes of ours', () => {
  expect(plan.objects.map(({ address, type, declaredAs }) => [address, type, declaredAs])).toEqual([
    ['kubernetes_manifest.map', 'kubernetes_manifest', undefined],
    ['kubernetes_manifest.other', 'kubesphere_app_repository', 'kubernetes_manifest'],
    ['kubernetes_manifest.stable', 'kubesphere_app_repository', 'kubernetes_manifest'],
  ]);
  const [map, other, stable] = plan.objects;
  expect(map?.values).toEqual({});
  expect(other?.values).toMatchObject({ name: 'other', workspace: null, sync_period: '3600', url: 'https://charts.example.com/other' });
  expect(other?.written.has('workspace')).toBe(false);
  expect(stable?.values).toMatchObject({
    name: 'stable',
    workspace: 'demo',
    display_name: 'Stable charts',
    username: 'ci',
    password: new Secret(password),
  });
  expect(inspect(plan, { depth: null, maxStringLength: null })).not.toContain(password);
});

test('they are checked and described like ours', () => {
  const estate = new Estate([{ name: 'plan', ...plan, isPlanned: true }]);
  expect(foundIn(check({ estate, ...selectedRules({}), suppressions: [] }))).toEqual([
    'credentials-over-http kubernetes_manifest.stable',
    'app-repository-over-http kubernetes_manifest.stable',
    'secret-in-state kubernetes_manifest.stable',
    'never-synced kubernetes_manifest.stable',
    'workspace-not-chosen kubernetes_manifest.other',
  ]);
  const text = textOf([{ name: 'plan', description: describe(plan) }], (_role, part) => part);
  expect(text).toContain('+ app repository demo/stable  kubernetes_manifest.stable');
  expect(text).not.toContain(password);
});

test('in a stack, too, on both generations of KubeSphere', () => {
  const stack = new TerraformStack(Testing.app(), 's');
  new KubernetesProvider(stack, 'kubernetes');
  const url = 'http://charts.example.com/stable';
  new AppRepositoryManifest(stack, 'four', { version: '4', name: 'four', workspace: 'demo', url, syncPeriod: '1h' });
  new AppRepositoryManifest(stack, 'three', {
    version: '3',
    name: 'Three of us',
    url: 'https://charts.example.com/three',
    username: 'ci',
    password: secretVariable(stack, 'password', { ephemeral: false }).stringValue,
    credentialsInState: true,
  });
  const text = Testing.synth(stack);
  const parsed = parseStack(text, 's', known);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const [four, three] = parsed.value.objects;
  expect(four?.values).toMatchObject({ name: 'four', workspace: 'demo', sync_period: '3600', sync_on_change: false, url });
  expect(three?.values).toMatchObject({ name: 'Three of us', workspace: 'system-workspace', username: 'ci', password: UNKNOWN });
  expect(foundIn(checked({ s: text }))).toEqual([
    expect.stringMatching(/^app-repository-over-http kubernetes_manifest.four_manifest_/),
    expect.stringMatching(/^secret-in-state kubernetes_manifest.three_manifest_/),
  ]);
});

test('a manifest that is unknown, of another kind or of another provider is none', () => {
  const manifest = (body: object): object => ({ resource: { kubernetes_manifest: { x: { manifest: body } } } });
  const repo = {
    apiVersion: 'application.kubesphere.io/v2',
    kind: 'Repo',
    metadata: { name: 'x' },
    spec: { url: 'https://x.example.com' },
  };
  const typeIn = (stack: object): unknown => {
    const parsed = parseStack(JSON.stringify(stack), 's', knownProviders());
    return 'value' in parsed ? parsed.value.objects[0]?.declaredAs : parsed.problem;
  };
  const of = (source: string) => ({ terraform: { required_providers: { kubernetes: { source } } } });
  expect(typeIn(manifest(repo))).toBe('kubernetes_manifest');
  expect(typeIn({ ...manifest(repo), ...of('hashicorp/kubernetes') })).toBe('kubernetes_manifest');
  expect(typeIn({ ...manifest(repo), ...of('acme/kubernetes') })).toBeUndefined();
  expect(typeIn(manifest({ ...repo, kind: 'App' }))).toBeUndefined();
  expect(typeIn(manifest({ ...repo, apiVersion: '${local.version}' }))).toBeUndefined();
  for (const metadata of [null, {}, [], 'x', { __proto__: { name: 'x' } }]) expect(typeIn(manifest({ ...repo, metadata }))).toBeUndefined();
  expect(typeIn({ resource: { kubernetes_manifest: { x: { manifest: '${yamldecode(file("x.yaml"))}' } } } })).toBeUndefined();
});

test('what lies in an expression is not known, and no rule takes it for missing', () => {
  const block = (index: number) => ({
    manifest: {
      apiVersion: 'application.kubesphere.io/v2',
      kind: 'Repo',
      metadata: index === 2 ? { name: 'two', labels: '${var.labels}' } : `\${merge(var.metadata, { n = ${index} })}`,
      spec: '${var.spec}',
    },
  });
  const text = JSON.stringify({
    terraform: { backend: { s3: {} } },
    resource: { kubernetes_manifest: { zero: block(0), one: block(1), two: block(2) } },
  });
  expect(foundIn(checked({ s: text }))).toEqual([]);
});
