import { DEFAULT_PASSWORD } from '../../src/registry/kubesphere';
import { startCharts } from '../support/charts';
import { Example } from './support/example';
import { onCores } from './support/on-cores';

const minutes = 60_000;
const workspaces = ['payments', 'research'];
const admin = { authorization: `Basic ${Buffer.from(`admin:${DEFAULT_PASSWORD}`).toString('base64')}` };

interface Repository {
  readonly name?: string;
  readonly url?: string;
  readonly status?: string | { readonly state: string };
  readonly metadata?: { readonly name: string };
  readonly spec?: { readonly url: string };
}

/** The repositories of a workspace, whatever the generation calls what they have. */
async function repositoriesOf({ registry }: Example, group: string, workspace: string): Promise<object[]> {
  const answer = await fetch(`${registry.urls.kubesphere}/kapis/${group}/workspaces/${workspace}/repos`, { headers: admin });
  const { items } = (await answer.json()) as { items: readonly Repository[] | null };
  return (items ?? []).map(({ name, url, status, metadata, spec }) => ({
    name: name ?? metadata?.name,
    url: url ?? spec?.url,
    status: typeof status === 'object' ? status.state : status,
  }));
}

const generations = [
  ['3.4', 'openpitrix.io/v1'],
  ['4.1.2', 'application.kubesphere.io/v2'],
  ['4.1', 'application.kubesphere.io/v2'],
] as const;

describe.each(generations)('a catalogue on KubeSphere %s', (version, group) => {
  onCores({ name: 'goes through the cache, is deployed twice, and destroyed', needs: [] }, (title, core) =>
    test(
      title,
      async () => {
        const charts = await startCharts();
        const env = { STABLE_UPSTREAM: `${charts.endpoint}/good`, NOTEBOOKS_UPSTREAM: `${charts.endpoint}/good2` };
        try {
          await Example.run({ name: 'helm-catalog', core, env, kubesphere: { version, workspaces } }, async (example) => {
            await example.deployTwice();
            const at = `${example.registry.urls.artifactapi}/api/v1/virtual`;
            const catalogue = (name: string, url: string): object[] => [{ name, url: `${at}/${url}`, status: 'successful' }];
            expect(await repositoriesOf(example, group, 'payments')).toEqual(catalogue('charts-payments', 'charts-payments'));
            expect(await repositoriesOf(example, group, 'research')).toEqual(catalogue('charts-research', 'charts'));
            expect(await example.outputs()).toEqual({
              repositories_yaml: expect.stringContaining(`url: "${at}/charts"`) as unknown,
              reachable: { stable: true, notebooks: true },
            });

            // What KubeSphere reads is what the cache hands out: the charts of both, and for the other workspace those of one.
            const index = async (name: string): Promise<unknown> => (await example.curl(`${at}/${name}/index.yaml`)).body;
            expect(await index('charts')).toMatch(/hello:[^]*world:/);
            expect(await index('charts-payments')).not.toContain('world');
            expect(charts.calls()).toContain('GET /good2/index.yaml');
            expect(await index('charts')).toContain('hello');
            expect(charts.calls()).toEqual([]);

            await example.must(['destroy', '-auto-approve', '-input=false']);
            for (const workspace of workspaces) expect(await repositoriesOf(example, group, workspace)).toEqual([]);
            expect(await (await fetch(`${example.registry.urls.artifactapi}/api/v2/remotes`)).json()).toBeNull();
            expect(await (await fetch(`${example.registry.urls.artifactapi}/api/v2/virtuals`)).json()).toBeNull();
          });
        } finally {
          await charts.stop();
        }
      },
      3 * minutes,
    ),
  );
});

onCores({ name: 'a dead upstream in a catalogue shows in the outputs, and the charts of the others are there', needs: [] }, (title, core) =>
  test(
    title,
    async () => {
      const charts = await startCharts();
      const env = { STABLE_UPSTREAM: `${charts.endpoint}/good`, NOTEBOOKS_UPSTREAM: `${charts.endpoint}/none` };
      try {
        await Example.run({ name: 'helm-catalog', core, env, kubesphere: { version: '4.1', workspaces } }, async (example) => {
          await example.deployTwice();
          expect(await example.outputs()).toMatchObject({ reachable: { stable: true, notebooks: false } });
          const published = await repositoriesOf(example, 'application.kubesphere.io/v2', 'research');
          expect(published).toEqual([expect.objectContaining({ name: 'charts-research', status: 'successful' })]);
        });
      } finally {
        await charts.stop();
      }
    },
    3 * minutes,
  ),
);
