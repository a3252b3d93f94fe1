import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../acceptance/support/environment';
import { describeClient } from '../clients/support';
import { GITHUB_TOKEN } from './support/code-host';
import { READER, WRITER } from './support/guard';
import { readWorkflow, runWorkflow, type Workflow, type WorkflowRun } from './support/github';
import { DEPLOYER, PARTNER_PASSWORD, PLANNER, secrets, startWorld, type World } from './support/world';

const TIMEOUT = 300_000;
const workflow = readWorkflow(join(root, 'examples/pipelines/.github/workflows/registries.yml'));
describeClient('gh', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    world.states.allows = ({ headers, right }) => {
      const [name, password] = Buffer.from(String(headers.authorization).replace(/^Basic /, ''), 'base64')
        .toString()
        .split(':');
      return password === DEPLOYER.password && name === DEPLOYER.username
        ? true
        : password === PLANNER.password && name === PLANNER.username && right !== 'write';
    };
  }, TIMEOUT);
  afterAll(() => world.close());

  /** The workflow of a team: the addresses of its servers are filled in. */
  const here = (): Workflow => ({
    ...workflow,
    env: { ...workflow.env, STATE_URL: world.states.url, ARTIFACTAPI_ENDPOINT: world.guard.url },
  });

  const environments = {
    'registries-plan': { ARTIFACTAPI_TOKEN: READER, STATE_USERNAME: PLANNER.username, STATE_PASSWORD: PLANNER.password },
    registries: {
      ARTIFACTAPI_TOKEN: WRITER,
      STATE_USERNAME: DEPLOYER.username,
      STATE_PASSWORD: DEPLOYER.password,
      PARTNER_PASSWORD,
    },
  };

  /** Runs the workflow for an event. What it verifies is verified once for a pull request, and once for main. */
  function on(name: string, event: object = {}, assumed: readonly string[] = ['verify']): Promise<WorkflowRun> {
    const github = {
      event_name: name,
      repository: 'acme/registries',
      workflow: 'registries',
      ref: 'refs/heads/main',
      token: GITHUB_TOKEN,
      event,
    };
    return runWorkflow({ world, workflow: here(), github, secrets: environments, assumed });
  }

  const pullRequest = (from = 'acme/registries', labels: readonly string[] = []): object => ({
    pull_request: {
      number: 7,
      labels: labels.map((label) => ({ name: label })),
      head: { repo: { full_name: from, fork: from !== 'acme/registries' } },
    },
  });

  /** The jobs that ran, and how they ended. Shows what a job printed that did not end as it should. */
  function expectResults({ jobs }: WorkflowRun, expected: Record<string, string>): void {
    const ran = Object.fromEntries(Object.entries(jobs).flatMap(([name, { result }]) => (result === 'skipped' ? [] : [[name, result]])));
    const logs = Object.entries(jobs).flatMap(([name, { result, log }]) =>
      result !== (expected[name] ?? 'skipped') ? [`${name}:\n${log}`] : [],
    );
    if (logs.length > 0) throw new Error(logs.join('\n'));
    expect(ran).toEqual(expected);
    for (const secret of [...secrets, READER, WRITER])
      for (const { log, summary } of Object.values(jobs)) expect(log + summary).not.toContain(secret);
  }

  const edit = (change: (text: string) => string): void => {
    const file = join(world.repository, 'stacks.ts');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };

  test(
    'a pull request of a fork is verified, without a secret; there is no plan, and nothing is uploaded',
    async () => {
      const fork = await on('pull_request', pullRequest('stranger/registries'), []);
      expectResults(fork, { verify: 'success' });
      expect(fork.sarif).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    'a pull request is previewed in a comment, without a lock and without a change',
    async () => {
      world.host.comments.push(...['a first word', 'another one'].map((body, index) => ({ id: index + 1, author: 'somebody', body })), {
        id: 3,
        author: 'somebody',
        body: '<!-- repoform diff -->\n\nnot ours',
      });
      const previewed = await on('pull_request', pullRequest(), []);
      expectResults(previewed, { verify: 'success', preview: 'success' });
      expect(previewed.sarif.map((text) => (JSON.parse(text) as { version: string }).version)).toEqual(['2.1.0']);
      expect(world.host.comments.slice(3)).toEqual([
        {
          id: 4,
          author: 'github-actions[bot]',
          body: expect.stringMatching(
            /^<!-- repoform diff -->\n\n2 of 2 stacks change: 6 to create\.\n\n### `clusters`: 2 to create\n/,
          ) as string,
        },
      ]);
      expect([world.guard.writes, world.guard.refused, world.states.locks.size]).toEqual([[], [], 0]);
    },
    TIMEOUT,
  );

  test(
    'main is planned with credentials that only read, and that plan is applied with others',
    async () => {
      edit((text) => text.replace("name: 'machine-images'", "name: 'machine-images', forceDestroy: true"));
      const pushed = await on('push');
      expectResults(pushed, { verify: 'success', plan: 'success', apply: 'success' });
      expect(pushed.jobs['plan']?.summary).toMatch(/2 of 2 stacks change: 6 to create\./);
      expect(pushed.jobs['apply']?.log.match(/Apply complete! Resources: \d added/g)).toEqual([
        'Apply complete! Resources: 2 added',
        'Apply complete! Resources: 4 added',
      ]);
      // What a plan has is in its archives; the password of the partner is only in the request.
      const plans = join(world.place('opened'), 'plan');
      execFileSync('sh', [
        '-c',
        'mkdir "$1" && tar -xzf "$0" -C "$1" && cd "$1" && for p in cdktf.out/stacks/*/plan.tfplan; do unzip -q -d "$p.d" "$p"; done',
        join(pushed.artifacts, 'plan/plan.tgz'),
        plans,
      ]);
      const found = execFileSync('grep', ['-rlEa', 'cdktf|artifactapi_local', plans], { encoding: 'utf8' });
      expect(found).toContain('plan.tfplan.d/');
      for (const secret of [...secrets, READER, WRITER]) expect(() => execFileSync('grep', ['-rlFa', secret, plans])).toThrow();
      expect(world.guard.writes.filter(({ body }) => body.includes(PARTNER_PASSWORD)).map(({ what }) => what)).toEqual([
        expect.stringMatching(/^(?:POST|PUT) \/api\/v2\/remotes/),
      ]);
      expect([world.guard.refused, world.states.locks.size]).toEqual([[], 0]);
      expect([...world.states.states.keys()].sort()).toEqual(['/clusters', '/packages']);
      for (const state of world.states.states.values()) for (const secret of secrets) expect(state).not.toContain(secret);
      // Nothing to do: nobody is asked.
      expectResults(await on('push'), { verify: 'success', plan: 'success' });
    },
    TIMEOUT,
  );

  test(
    'the schedule finds what was changed elsewhere',
    async () => {
      const files = { name: 'machine-images', package_type: 'generic', repo_type: 'local', description: 'by hand' };
      await fetch(`${world.registry.url}/api/v2/remotes/machine-images`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(files),
      });
      const drifted = await on('schedule');
      expectResults(drifted, { drift: 'failure' });
      expect(drifted.jobs['drift']?.log).toMatch(/Process completed with exit code 2\.\s*$/);
      expect(drifted.jobs['drift']?.summary).toContain('`description`');
    },
    TIMEOUT,
  );

  test(
    'a pull request that loses artifacts fails after its comment, which is updated',
    async () => {
      edit((text) => text.replace(/^.*machine-images.*\n/m, ''));
      const refused = await on('pull_request', pullRequest());
      expectResults(refused, { verify: 'success', preview: 'failure' });
      expect(refused.jobs['preview']?.log).toMatch(/exit code 3\./);
      expect(world.host.comments.slice(3).map(({ body }) => body)).toEqual([expect.stringContaining('machine-images')]);
      expect(world.host.requests.filter((one) => !one.startsWith('GET '))).toEqual([
        'POST /repos/acme/registries/issues/7/comments',
        'PATCH /repos/acme/registries/issues/comments/4',
      ]);
    },
    TIMEOUT,
  );
});
