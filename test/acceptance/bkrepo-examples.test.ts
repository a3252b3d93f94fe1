import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Example } from './support/example';
import type { Feature } from './support/features';
import { onCores } from './support/on-cores';

const minutes = 60_000;
const needs: readonly Feature[] = ['ephemeral values', 'write-only attributes'];
const destroy = ['destroy', '-auto-approve', '-input=false'];

const secrets = { TF_VAR_npm_password: 'Kx42-npm', TF_VAR_partner_password: 'Vw73-partner', TF_VAR_ci_password: 'Pq19-ci' };

onCores({ name: 'an estate of three projects is deployed, guarded, and destroyed but for the projects', needs }, (title, core) =>
  test(
    title,
    () =>
      Example.run({ name: 'bkrepo-estate', core, env: secrets }, async (example) => {
        await example.deployTwice();
        expect(await example.outputs()).toEqual({
          npm_url: `${example.bkrepo}/npm/payments/npm`,
          maven_url: `${example.bkrepo}/maven/platform/maven`,
          releases_url: `${example.bkrepo}/generic/payments/releases`,
          datasets_url: `${example.bkrepo}/generic/research/datasets`,
        });
        await expectUpstreams(example);
        await expectGuards(example);
        const values = Object.values(secrets);
        expect(values.filter((value) => example.state.includes(value))).toEqual([]);
        await expectKeptFiles(example);

        const { said } = await example.must(destroy);
        expect(said.match(/Warning: Project Stays on the Server/g)).not.toBeNull();
        const projects = (await example.asAdmin('/repository/api/project/list')) as { name: string }[];
        expect(projects.map(({ name }) => name).sort()).toEqual(['payments', 'platform', 'research']);
        for (const { name } of projects) expect(await example.asAdmin(`/repository/api/repo/list/${name}`)).toEqual([]);
      }),
    3 * minutes,
  ),
);

/** The secrets reached the server. */
async function expectUpstreams(example: Example): Promise<void> {
  expect(await example.asAdmin('/repository/api/repo/info/platform/npm-proxy')).toMatchObject({
    configuration: { type: 'remote', credentials: { username: 'reader', password: secrets.TF_VAR_npm_password } },
  });
  expect(await example.asAdmin('/repository/api/repo/info/platform/maven')).toMatchObject({
    configuration: {
      type: 'composite',
      proxy: {
        channelList: [
          { name: 'central', public: true },
          { name: 'partner', username: 'reader', password: secrets.TF_VAR_partner_password },
        ],
      },
    },
  });
}

const ci = ['-u', `ci:${secrets.TF_VAR_ci_password}`];

/** Pipelines write everywhere, a developer only below /nightly, others nowhere but where everybody reads. */
async function expectGuards(example: Example): Promise<void> {
  const { bkrepo } = example;
  const file = join(example.folder, 'file.txt');
  writeFileSync(file, 'content');
  const json = ['-H', 'Content-Type: application/json'];
  const user = JSON.stringify({ userId: 'emma', name: 'Emma', pwd: 'secret-1' });
  await example.curl('-u', 'admin:password', ...json, `${bkrepo}/auth/api/user/create`, '-d', user);
  const emma = ['-u', 'emma:secret-1'];

  const releases = `${bkrepo}/generic/payments/releases`;
  const status = async (...args: string[]): Promise<number> => (await example.curl(...args)).status;
  expect(await status(...ci, '-T', file, `${releases}/stable/1.0.txt`)).toBe(200);
  expect(await status(...emma, '-T', file, `${releases}/nightly/1.txt`)).toBe(403);
  const role = (await example.asAdmin('/auth/api/role/detail/developers/payments')) as { id: string };
  expect(await status('-u', 'admin:password', '-X', 'POST', `${bkrepo}/auth/api/user/role/emma/${role.id}`)).toBe(200);
  expect(await status(...emma, '-T', file, `${releases}/nightly/1.txt`)).toBe(200);
  expect(await status(...emma, '-T', file, `${releases}/stable/1.1.txt`)).toBe(403);
  expect(await status(...emma, `${releases}/stable/1.0.txt?download=true`)).toBe(403);

  const datasets = `${bkrepo}/generic/research/datasets/a.csv`;
  expect(await status(...ci, '-T', file, datasets)).toBe(200);
  expect(await status(...emma, '-T', file, datasets, '-H', 'X-BKREPO-OVERWRITE: true')).toBe(403);
  expect(await example.curl(...emma, `${datasets}?download=true`)).toEqual({ status: 200, body: 'content' });
}

/** What holds files is not destroyed, until they are gone. */
async function expectKeptFiles(example: Example): Promise<void> {
  const refused = await example.terraform(destroy);
  expect(refused.status).toBe(1);
  expect(refused.said).toContain('force_destroy');
  for (const path of ['payments/releases/stable/1.0.txt', 'payments/releases/nightly/1.txt', 'research/datasets/a.csv'])
    expect((await example.curl('-u', 'admin:password', '-X', 'DELETE', `${example.bkrepo}/generic/${path}`)).status).toBe(200);
}

const cache = { TF_VAR_cache_password: 'Mn55-cache' };

onCores({ name: 'ArtifactAPI hands out what BK-Repo keeps, from one stack', needs }, (title, core) =>
  test(
    title,
    () =>
      Example.run({ name: 'combined', core, env: cache }, async (example) => {
        await example.deployTwice();
        const { upload_url: upload, download_url: download } = (await example.outputs()) as { upload_url: string; download_url: string };
        expect(upload).toBe(`${example.bkrepo}/generic/products/releases`);
        expect(download).toBe(`${example.registry.urls.artifactapi}/api/v1/remote/releases`);
        const file = join(example.folder, 'file.txt');
        writeFileSync(file, 'a release');
        for (const path of ['stable/1.0.txt', 'nightly/1.txt'])
          expect((await example.curl('-u', 'admin:password', '-T', file, `${upload}/${path}`)).status).toBe(200);

        expect(await example.curl(`${download}/stable/1.0.txt`)).toEqual({ status: 200, body: 'a release' });
        expect((await example.curl(`${download}/nightly/1.txt`)).status).toBe(403);
        expect((await example.curl(`${upload}/stable/1.0.txt?download=true`)).status).toBe(401);
        const asCache = ['-u', `release-cache:${cache.TF_VAR_cache_password}`];
        expect((await example.curl(...asCache, `${upload}/nightly/1.txt?download=true`)).status).toBe(403);
        expect((await example.curl(...asCache, '-T', file, `${upload}/stable/2.0.txt`)).status).toBe(403);
        expect(example.state).not.toContain(cache.TF_VAR_cache_password);

        const { said } = await example.must(destroy);
        expect(said).toContain('Warning: Project Stays on the Server');
        expect(await example.asAdmin('/repository/api/repo/list/products')).toEqual([]);
        expect(await (await fetch(`${example.registry.urls.artifactapi}/api/v2/remotes`)).json()).toBeNull();
      }),
    3 * minutes,
  ),
);
