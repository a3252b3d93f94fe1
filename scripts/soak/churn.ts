import { join } from 'node:path';
import { Workspace } from './client';
import { call, escaped, PROJECT } from './estate';
import { WrongResult } from './ledger';
import { pause } from './mayhem';
import { type Random } from './random';
import { type Setup } from './setup';
import { type Resource, Stack } from './terraform';
import { Upstream } from './upstream';

const TYPES = ['alpine', 'docker', 'generic', 'goproxy', 'helm', 'npm', 'puppet', 'pypi', 'rpm', 'terraform'] as const;

/** Deploys random estates of all backends by Terraform, changes them, and destroys them; nothing is fetched through them. */
export async function churn(setup: Setup, random: Random, until: number): Promise<void> {
  // KubeSphere reads the index of a repository when it is created.
  const charts = await Upstream.start((path) =>
    path.endsWith('/index.yaml') ? { body: Buffer.from('apiVersion: v1\nentries: {}\n') } : undefined,
  );
  for (let round = 1; Date.now() < until; round++) {
    await Workspace.with(join(setup.folder, 'work'), async (work) => {
      const stack = new Stack(work, setup);
      const persist = (what: string, step: () => Promise<void>) => {
        const excuses = setup.replicas.map((replica) => replica.outages);
        return setup.ledger.persist({ client: 'terraform', what: `${what} of random estate ${round}`, excuses }, step);
      };
      const size = random.int(1, 5);
      for (const what of ['deploy', 'change', 'second change'].slice(0, random.int(1, 3))) {
        const resources = estate(setup, `x${round}`, { size, random, charts: charts.url });
        await persist(what, () => stack.deploy(resources));
        await pause(random.int(500, 3000), until);
      }
      await persist('destroy', () => stack.destroy());
      await persist('look for the rest', () => expectGone(setup, `x${round}-`));
    });
  }
  await charts.stop();
}

async function expectGone(setup: Setup, prefix: string): Promise<void> {
  for (const list of ['remotes', 'virtuals']) {
    const { body } = await call(`${setup.urls.artifactapi}/api/v2/${list}`);
    if (body.toString().includes(`"${prefix}`)) throw new WrongResult(`destroyed, but among the ${list}: ${body.toString()}`);
  }
}

/** A random configuration; those with the same name and size have the same resources with other settings. */
function estate(setup: Setup, name: string, { size, random, charts }: { size: number; random: Random; charts: string }): Resource[] {
  const fixed = random.of(name);
  const text = () => escaped({ text: random.words() })['text'];
  const resources: Resource[] = [];
  for (let index = 0; index < size; index++) {
    const type = fixed.pick(TYPES);
    const label = `n${index}`;
    const remote = {
      name: `${name}-remote-${index}`,
      base_url: random.pick(['https://packages.example.com', 'http://127.0.0.1:9/x']),
      description: text(),
      mutable_ttl: random.int(0, 100_000),
      immutable_ttl: random.int(0, 3),
      patterns: random.pick([[], ['.*'], ['^a/', '\\.tgz$']]),
      blocklist: random.pick([[], ['^event-stream']]),
      ...(random.chance(0.5) && { username: 'ci', password_wo: 'secret-of-nobody' }),
    };
    const local = { name: `${name}-local-${index}`, description: text() };
    const members = [`\${artifactapi_local_${type}.${label}.name}`, `\${artifactapi_remote_${type}.${label}.name}`];
    const virtual = { name: `${name}-virtual-${index}`, package_type: type, members: random.chance(0.5) ? members : members.reverse() };
    const repository = {
      project: PROJECT,
      name: `${name}-r-${index}`,
      type: fixed.pick(['GENERIC', 'NPM', 'MAVEN', 'HELM']),
      description: text(),
    };
    resources.push(
      { type: `artifactapi_remote_${type}`, label, config: remote },
      { type: `artifactapi_local_${type}`, label, config: local },
      { type: 'artifactapi_virtual', label, config: { ...virtual, description: text() } },
      { type: 'bkrepo_local_repository', label, config: { ...repository, public: random.chance(0.5), quota: random.int(1e6, 1e9) } },
    );
    const chartRepository = {
      name: `${name}-charts-${index}`,
      workspace: 'demo',
      url: `${charts}/${name}/${index}`,
      description: text(),
    };
    if (setup.urls.kubesphere)
      resources.push({ type: 'kubesphere_app_repository', label, config: { ...chartRepository, sync_period: random.pick(['0', '1h']) } });
  }
  return resources;
}
