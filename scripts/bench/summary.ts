import { type Phase, phases } from './phases';
import type { Run, Sample } from './run';
import { median, medianRatio } from './statistics';

/** The medians of a contender in a phase, and its ratios. */
export interface PhaseSummary {
  readonly n: number;
  readonly contender: string;
  readonly phase: Phase;
  readonly rounds: number;
  readonly sample: Sample;
  /** Wall time as a multiple of the built-in resource's, taken round by round. */
  readonly toLimit: number;
  /** Wall time as a multiple of the peer's, taken round by round; `NaN` without a peer. */
  readonly toPeer: number;
}

/** Puts the rounds together. */
export function summarise(runs: readonly Run[]): PhaseSummary[] {
  const cells = new Map(runs.map(({ n, contender }) => [`${n} ${contender}`, { n, contender }]));
  return [...cells.values()].flatMap(({ n, contender }) => phases.map((phase) => summaryOf(runs, { n, contender, phase })));
}

/** The one summary of a cell, if it was measured. */
export function find(summaries: readonly PhaseSummary[], wanted: { n: number; contender: string; phase: Phase }): PhaseSummary | undefined {
  return summaries.find(({ n, contender, phase }) => n === wanted.n && contender === wanted.contender && phase === wanted.phase);
}

type Where = Pick<PhaseSummary, 'n' | 'contender' | 'phase'>;

function summaryOf(runs: readonly Run[], where: Where): PhaseSummary {
  const own = runs.filter(({ n, contender }) => n === where.n && contender === where.contender);
  const wall = (run: Run | undefined): number => run?.samples[where.phase].wall ?? NaN;
  const beside = (contender: string): number[] =>
    own.map((run) => wall(runs.find((other) => other.n === run.n && other.round === run.round && other.contender === contender)));
  const walls = own.map(wall);
  const samples = own.map((run) => run.samples[where.phase]);
  return {
    ...where,
    rounds: own.length,
    sample: medianSample(samples),
    toLimit: medianRatio(walls, beside('limit')),
    toPeer: medianRatio(walls, beside('peer')),
  };
}

const numbers = ['wall', 'ownCpu', 'childCpu', 'childPeak', 'treePeak', 'requests', 'connections', 'mostAtOnce', 'stateWrites'] as const;

function medianSample(samples: readonly Sample[]): Sample {
  const medians = Object.fromEntries(numbers.map((name) => [name, median(samples.map((sample) => sample[name]))]));
  return { ...(medians as Record<(typeof numbers)[number], number>), byRoute: samples[0]?.byRoute ?? {} };
}
