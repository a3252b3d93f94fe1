import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { TerraformProvider, TerraformStack, Testing } from 'cdktf';
import {
  AgentVerseCredentials,
  type AgentVerseCredentialsProps,
  AgentVerseStorage,
  type AgentVerseStorageProps,
  BkrepoProvider,
  secretVariable,
} from '../../../constructs/bkrepo';

type Given = Omit<AgentVerseCredentialsProps, 'storage'>;

/** The Secret that a storage with credentials synthesizes to. */
function secretOf(given: (stack: TerraformStack) => Given, props: Partial<AgentVerseStorageProps> = {}): unknown {
  const stack = new TerraformStack(Testing.app(), 's');
  new BkrepoProvider(stack, 'p', { installLocally: false });
  const passwordWo = secretVariable(stack, 'agentverse_password').stringValue;
  const storage = new AgentVerseStorage(stack, 'storage', { project: 'ai', passwordWo, ...props });
  const { secret } = new AgentVerseCredentials(stack, 'credentials', { ...given(stack), storage });
  expect(secret.terraformResourceType).toBe('kubernetes_secret_v1');
  const text = Testing.synth(stack).replace(/(\w)_[0-9A-F]{8}\b/g, '$1');
  const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, unknown>> };
  expect(Object.keys(resource['kubernetes_secret_v1'] ?? {})).toEqual(['credentials_secret']);
  return resource['kubernetes_secret_v1']?.['credentials_secret'];
}

test('the Secret has write-only data, sent again when the password changes', () => {
  expect(secretOf(() => ({}))).toEqual({
    metadata: { name: 'bkrepo-credentials' },
    data_wo: { BKREPO_USERNAME: 'agentverse-service', BKREPO_PASSWORD: '${var.agentverse_password}' },
    data_wo_revision: '${bkrepo_user.storage_user.password_wo_revision}',
  });
});

test('name, namespace, labels and provider are as given, and a token takes the place of the password', () => {
  const secret = secretOf(
    (stack): Given => ({
      name: 'agentverse-login',
      namespace: 'agentverse',
      labels: { 'app.kubernetes.io/part-of': 'agentverse' },
      provider: new KubernetesProvider(stack, 'k', { alias: 'edge' }),
    }),
    { token: { name: 'service', storeSecretInState: true } },
  );
  expect(secret).toEqual({
    provider: 'kubernetes.edge',
    metadata: { name: 'agentverse-login', namespace: 'agentverse', labels: { 'app.kubernetes.io/part-of': 'agentverse' } },
    data_wo: { BKREPO_USERNAME: 'agentverse-service', BKREPO_PASSWORD: '${bkrepo_user_token.storage_token.token}' },
    data_wo_revision: '${max(parseint(substr(sha256(bkrepo_user_token.storage_token.token), 0, 7), 16), 1)}',
  });
});

test('several namespaces get one each', () => {
  const stack = new TerraformStack(Testing.app(), 's');
  const storage = new AgentVerseStorage(stack, 'storage', { project: 'ai', passwordWo: '${var.x}', endpoint: 'https://a.example.com' });
  const all = ['blue', 'green'].map((namespace) => new AgentVerseCredentials(stack, namespace, { storage, namespace }).secret.fqn);
  expect(new Set(all).size).toBe(2);
  expect(stack.node.findAll().some((node) => TerraformProvider.isTerraformProvider(node))).toBe(false);
});
