import { TerraformStack, Testing } from 'cdktf';
import { AppRepository, type AppRepositoryConfig, KubesphereProvider, s3Url, secretVariable } from '../../../constructs/kubesphere';

/** The resource that a configuration synthesizes to. */
function synthesized(given: (stack: TerraformStack) => AppRepositoryConfig): unknown {
  const stack = new TerraformStack(Testing.app(), 's');
  new KubesphereProvider(stack, 'p', { installLocally: false });
  new AppRepository(stack, 'example', given(stack));
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, unknown>> };
  return resource['kubesphere_app_repository']?.['example'];
}

/** The example repositories of the documentation of KubeSphere's form. */
const documented = [
  'https://kubernetes-charts.storage.googleapis.com/',
  'https://kubernetes-charts-incubator.storage.googleapis.com/',
  'https://helm-chart-repo.pek3a.qingstor.com/kubernetes-charts/',
] as const;

test.each(documented)('%s becomes an app repository', (url) => {
  const made = synthesized(() => ({ name: 'example', workspace: 'demo', url, type: 'https', description: 'An example' }));
  expect(made).toEqual({ name: 'example', workspace: 'demo', url, type: 'https', description: 'An example' });
});

test('the one at QingStor does so through S3, its secret key kept out of the state', () => {
  const made = synthesized((stack) => ({
    name: 'example',
    url: s3Url({ bucket: 'helm-chart-repo', zone: 'pek3a', prefix: 'kubernetes-charts' }),
    type: 's3',
    accessKeyId: 'AKID',
    secretAccessKeyWo: secretVariable(stack, 'secret_access_key').stringValue,
  }));
  expect(made).toEqual({
    name: 'example',
    url: 's3://s3.pek3a.qingstor.com/helm-chart-repo/kubernetes-charts/',
    type: 's3',
    access_key_id: 'AKID',
    secret_access_key_wo: '${var.secret_access_key}',
  });
});
