import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../acceptance/support/command';
import { clientPath, describeClient } from '../clients/support';
import { GITLAB_TOKEN } from './support/code-host';
import { GitLab } from './support/gitlab';
import { READER, WRITER } from './support/guard';
import { PARTNER_PASSWORD, startWorld, type World } from './support/world';

const TIMEOUT = 300_000;
const JOB_TOKEN = 'token-of-the-job';

const push = { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main' };
const schedule = { CI_PIPELINE_SOURCE: 'schedule', CI_COMMIT_BRANCH: 'main' };
const mergeRequest = {
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_MERGE_REQUEST_IID: '7',
  CI_MERGE_REQUEST_PROJECT_ID: '11',
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '11',
};
const ofFork = { ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '12' };

describeClient('gitlab-ci-local', () => {
  let world: World;
  let gitlab: GitLab;
  beforeAll(async () => {
    world = await startWorld();
    world.states.allows = ({ headers }) =>
      headers.authorization === `Basic ${Buffer.from(`gitlab-ci-token:${JOB_TOKEN}`).toString('base64')}`;
    gitlab = new GitLab(world, clientPath('gitlab-ci-local') ?? '', {
      TERRAFORM_RELEASES: `${world.host.url}/terraform`,
      ARTIFACTAPI_ENDPOINT: world.guard.url,
      CI_JOB_TOKEN: JOB_TOKEN,
      COMMENT_TOKEN: { 'registries-plan': GITLAB_TOKEN },
      ARTIFACTAPI_TOKEN: { 'registries-plan': READER, registries: WRITER },
      TF_VAR_partner_password: { registries: PARTNER_PASSWORD },
    });
    await gitlab.start();
  }, TIMEOUT);
  afterAll(() => world.close());

  /** Runs a job, which ends as said, and prints no secret. */
  async function must(job: string, pipeline: Record<string, string>, status = 0): Promise<Run> {
    const ended = await gitlab.run(job, pipeline);
    if ((ended.status === 0) !== (status === 0)) throw new Error(ended.text);
    for (const secret of [JOB_TOKEN, GITLAB_TOKEN, READER, WRITER, PARTNER_PASSWORD]) expect(ended.text).not.toContain(secret);
    return ended;
  }

  const edit = (change: (text: string) => string): void => {
    const file = join(world.repository, 'stacks.ts');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };

  test(
    'the file is valid, and has the jobs for each pipeline',
    async () => {
      expect(await gitlab.jobs(ofFork, true)).toEqual({ verify: 'on_success' });
      expect(await gitlab.jobs(mergeRequest)).toEqual({ verify: 'on_success', preview: 'on_success' });
      expect(await gitlab.jobs(push)).toEqual({ verify: 'on_success', plan: 'on_success', apply: 'manual' });
      expect(await gitlab.jobs(schedule)).toEqual({ drift: 'on_success' });
    },
    TIMEOUT,
  );

  test(
    'a merge request of a fork is verified without a secret',
    async () => {
      await must('verify', ofFork);
      expect(JSON.parse(gitlab.file('verify', 'code-quality.json'))).toEqual([]);
    },
    TIMEOUT,
  );

  test(
    'a merge request is previewed in a comment; main is planned, and that plan is applied when somebody says so',
    async () => {
      world.host.comments.push({ id: 1, author: 'somebody', body: 'a word' });
      await must('preview', mergeRequest);
      expect(world.host.comments.slice(1)).toEqual([
        {
          id: 2,
          author: 'project_11_bot',
          body: expect.stringMatching(/^<!-- repoform diff -->\n\n2 of 2 stacks change: 6 to create\.\n/) as string,
        },
      ]);
      edit((text) => text.replace("name: 'machine-images'", "name: 'machine-images', forceDestroy: true"));
      await must('plan', push);
      expect([world.guard.writes, world.guard.refused, world.states.locks.size]).toEqual([[], [], 0]);
      expect((await must('apply', push)).text.match(/Apply complete! Resources: \d added/g)).toHaveLength(2);
      expect(world.guard.writes.filter(({ body }) => body.includes(PARTNER_PASSWORD))).toHaveLength(1);
      expect([...world.states.states.keys()].sort()).toEqual(
        ['clusters', 'packages'].map((stack) => `/api/v4/projects/11/terraform/state/${stack}`),
      );
    },
    TIMEOUT,
  );

  test(
    'the schedule finds what main declares and the server has not; a merge request that loses artifacts fails after its comment',
    async () => {
      edit((text) => text.replace(/^.*machine-images.*\n/m, ''));
      expect((await must('drift', schedule, 2)).text).toContain('1 of 2 stacks change: 1 to delete.');
      await must('preview', mergeRequest, 3);
      expect(world.host.comments.slice(1).map(({ body }) => body)).toEqual([expect.stringContaining('Deletes artifacts')]);
      await must('preview', { ...mergeRequest, CI_MERGE_REQUEST_LABELS: 'later,loses-artifacts' });
      expect(world.host.requests.filter((one) => !one.startsWith('GET '))).toEqual([
        'POST /api/v4/projects/11/merge_requests/7/notes',
        'PUT /api/v4/projects/11/merge_requests/7/notes/2',
        'PUT /api/v4/projects/11/merge_requests/7/notes/2',
      ]);
    },
    TIMEOUT,
  );
});
