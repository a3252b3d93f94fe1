import { BKREPO, ECOSYSTEMS } from './ecosystems';
import { type Ecosystem } from './ecosystems/ecosystem';
import { churn } from './churn';
import { call, ofArtifactApi, ofBkRepo, PROJECT } from './estate';
import { type Beginning, beginningOf, leftoversOf } from './leftovers';
import { breakUpstreams, killReplicas } from './mayhem';
import { type Random } from './random';
import { Setup, type SetupName } from './setup';
import { ADMIN } from './terraform';
import { Traffic } from './traffic';
import { growthOf, sampleOf, type Sample, snapshots, watch } from './watch';
import { Worker } from './worker';
import { clientPath } from '../../test/clients/support';

/** The part of the time in which the survivor is killed, too, and how much its heap may grow in the second half. */
const KILLING = 0.25;
const GROWTH = 0.05;

/** What is done with a registry. */
export interface Plan {
  readonly name: SetupName;
  readonly folder: string;
  readonly ms: number;
  readonly random: Random;
  readonly isHeapJudged: boolean;
  readonly hasSnapshots: boolean;
}

/** A registry of some setup with everything that is done to it. */
export class Soak {
  readonly samples: Sample[] = [];
  growth: number | undefined;

  private constructor(
    private readonly plan: Plan,
    readonly setup: Setup,
  ) {}

  static async start(plan: Plan): Promise<Soak> {
    return new Soak(plan, await Setup.start(plan.name, plan.folder));
  }

  /** Works for the planned time, and then looks at what is left. What broke is in the ledger. */
  async run(): Promise<void> {
    const { setup, plan } = this;
    const { random } = plan;
    const beginning = await beginningOf(setup);
    const project = JSON.stringify({ name: PROJECT, displayName: PROJECT, description: '' });
    await call(`${setup.urls.bkrepo}/repository/api/project/create`, { method: 'POST', body: project, login: ADMIN });
    const workers = await Promise.all([
      ...installed(ECOSYSTEMS).map((each) =>
        Worker.start({ setup, ecosystem: each, random: random.of(each.name), estateOf: ofArtifactApi }),
      ),
      ...installed(BKREPO).map((each) => Worker.start({ setup, ecosystem: each, random: random.of(each.name), estateOf: ofBkRepo })),
    ]);
    const traffic = await Traffic.start(setup, random.of('traffic'));
    const upstreams = [...workers, traffic].map(({ upstream }) => upstream);
    const from = Date.now();
    const until = from + plan.ms;
    const working = Promise.all([
      ...[...workers, traffic].map((each) => each.work(until)),
      churn(setup, random.of('churn'), until),
      breakUpstreams(upstreams, random.of('faults'), until),
      killReplicas(setup, random.of('kills'), { spare: from + plan.ms * KILLING, until }),
      watch(setup, { every: plan.isHeapJudged ? 30_000 : 10_000, until }, this.samples),
      plan.hasSnapshots ? snapshots(setup, { from, until }) : undefined,
    ]);
    try {
      await working;
      await this.#judge(beginning, { from, to: until });
    } finally {
      for (const upstream of upstreams) await upstream.stop();
    }
  }

  /** Looks at what is left when nobody works any more. */
  async #judge(beginning: Beginning, times: { from: number; to: number }): Promise<void> {
    const { setup, plan } = this;
    const { ledger } = setup;
    for (const left of await leftoversOf(setup, beginning)) ledger.fail(`left over: ${left}`);
    this.samples.push(await sampleOf(setup.survivor));
    this.growth = growthOf(this.samples.slice(0, -1), times);
    if (plan.isHeapJudged && !((this.growth ?? 1) <= GROWTH))
      ledger.fail(`the heap of ${setup.survivor.options.name} grew by ${this.growth} in the second half`);
  }

  /** Ends the processes, which have to end well. */
  async stop(): Promise<void> {
    const codes = await this.setup.stop();
    if (codes.some((code) => code !== 0)) this.setup.ledger.fail(`the processes ended with ${codes.join(', ')} after SIGTERM`);
    for (const replica of this.setup.replicas)
      for (const line of replica.errors().slice(0, 5)) this.setup.ledger.fail(`log of ${replica.options.name}: ${line}`);
  }
}

/** Those whose programs are there; in CI, which installs them, all have to be. */
function installed(ecosystems: readonly Ecosystem[]): Ecosystem[] {
  return ecosystems.filter(({ name, programs }) => {
    const missing = programs.filter((each) => clientPath(each) === undefined);
    if (missing.length === 0) return true;
    const text = `${name} is left out, for ${missing.join(' and ')} is missing; run .ci/clients`;
    if (process.env.REPOFORM_CLIENTS === 'required') throw new Error(text);
    process.stdout.write(`${text}\n`);
    return false;
  });
}
