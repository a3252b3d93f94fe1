import { Readable } from 'node:stream';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { snakeCase } from '../../src/common/names';
import { startServer } from '../../src/testing/http-server';
import { done } from '../../src/testing/subject';
import type { Target } from '../../src/testing/target';
import { registryTarget } from './contract-targets';

/** Puts on a server what the examples of data sources ask for. */
export async function layEstate(target: Target): Promise<() => Promise<void>> {
  const upstream = await startServer(() => ({ status: 200, text: 'fine' }));
  await estates[target.provider.name]?.(target, upstream.endpoint);
  return () => upstream.stop();
}

/** Starts a registry that has it. */
export async function estateTarget(provider: ProviderDefinition): Promise<Target> {
  const target = await registryTarget(provider, false);
  const stop = await layEstate(target);
  return {
    ...target,
    async stop() {
      await target.stop();
      await stop();
    },
  };
}

/** Whether there is something to lay for a provider. */
export const hasEstate = (provider: string): boolean => Object.hasOwn(estates, provider);

const estates: Readonly<Record<string, (target: Target, upstream: string) => Promise<void>>> = {
  async kubesphere(target) {
    const url = 'https://charts.example.com/stable';
    // A second of the controller is short, and what a synchronization changes would differ between two reads.
    const config = { name: 'stable', workspace: 'demo', url, sync_period: '2400h', wait_for_sync: true };
    done(await (await target.core()).ensure('kubesphere_app_repository', config));
  },
  async artifactapi(target, upstream) {
    const put = async (path: string, fields: Record<string, unknown>): Promise<void> => {
      const body = Object.fromEntries(Object.entries(fields).map(([key, value]) => [snakeCase(key), value]));
      const { status } = await target.outside('POST', path, body);
      if (status !== 201) throw new Error(`the server answers ${status} to ${JSON.stringify(body)}`);
    };
    const remote = { repoType: 'remote', baseUrl: upstream, mutableTtl: 300 };
    await put('/api/v2/remotes', { name: 'npm', packageType: 'npm', ...remote });
    await put('/api/v2/remotes', { name: 'helm-stable', packageType: 'helm', ...remote });
    await put('/api/v2/remotes', { name: 'generic-internal', packageType: 'generic', repoType: 'local' });
    await put('/api/v2/virtuals', { name: 'all-charts', packageType: 'helm', members: ['helm-stable'] });
    await target.outside('PUT', '/api/v2/remotes/generic-internal/files/tools/run', { a: 1 });
    await target.outside('POST', '/api/v2/probe', { remote: 'npm', path: 'left-pad' });
  },
  async bkrepo(target) {
    const client = await target.client();
    const post = async (path: string, body?: unknown): Promise<void> => void (await client.send({ method: 'POST', path, body }));
    const local = { projectId: 'payments', category: 'LOCAL' };
    const permission = { projectId: 'payments', users: ['builder'], actions: ['READ'], createBy: 'admin', updatedBy: 'admin' };
    await post('/repository/api/project/create', { name: 'payments', displayName: 'Payments', description: '' });
    await post('/repository/api/repo/create', { ...local, name: 'local-packages', type: 'GENERIC' });
    await post('/repository/api/repo/create', { ...local, name: 'npm-packages', type: 'NPM' });
    await post('/auth/api/user/create', { userId: 'builder', name: 'Builder', pwd: 'a-long-password' });
    await post('/auth/api/user/token/builder/ci');
    await post('/auth/api/role/create', { roleId: 'readers', name: 'Readers', projectId: 'payments', type: 'PROJECT' });
    await post('/auth/api/permission/create', { ...permission, resourceType: 'REPO', permName: 'readers', repos: ['local-packages'] });
    await post('/auth/api/permission/create', { ...permission, resourceType: 'PROJECT', permName: 'everybody' });
    await post('/auth/api/mode/repo/toggle', { projectId: 'payments', repoName: 'local-packages', accessControlMode: 'DIR_CTRL' });
    const content = Buffer.from('hello');
    const upload = { size: content.length, open: () => Readable.from([content]) };
    await client.send({ method: 'PUT', path: '/generic/payments/local-packages/docs/hello.txt', upload });
    await post('/repository/api/metadata/payments/local-packages/docs/hello.txt', { metadata: { stage: 'released' } });
    await client.close();
  },
};
