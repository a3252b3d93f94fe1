import type { Bar } from './bar';
import type { Estate } from './estate';
import { type Phase, phases } from './phases';
import { find, type PhaseSummary } from './summary';
import { type Cell, mebibytes, seconds, table, times } from './table';

/** What the phases are called. */
export const titles: Readonly<Record<Phase, string>> = {
  create: 'create',
  plan: 'refresh plan',
  noRefresh: 'plan without refresh',
  changeOne: 'change one',
  destroy: 'destroy',
};

/** All medians as a table. */
export function summaryTable(summaries: readonly PhaseSummary[]): string {
  const head = [
    'N',
    'phase',
    'contender',
    'wall s',
    'to limit',
    'to peer',
    'CPU s, CLI + provider',
    'peak MiB, provider / tree',
    'requests',
    'connections',
  ];
  const order = (summary: PhaseSummary): number => summary.n * 10 + phases.indexOf(summary.phase);
  const sorted = [...summaries].sort((a, b) => order(a) - order(b));
  return table([head, ...sorted.map(row)]);
}

function row({ n, phase, contender, sample, toLimit, toPeer }: PhaseSummary): Cell[] {
  const ratios = [contender === 'limit' ? '' : times(toLimit), contender === 'ours' ? times(toPeer) : ''];
  const cpu = `${seconds(sample.ownCpu)} + ${seconds(sample.childCpu)}`;
  const peak = `${mebibytes(sample.childPeak)} / ${mebibytes(sample.treePeak)}`;
  return [n, titles[phase], contender, seconds(sample.wall), ...ratios, cpu, peak, sample.requests, sample.connections];
}

/** At most so many times the wall time of the peer. */
const toPeer: Readonly<Record<number, Partial<Record<Phase, number>>>> = {
  1: { plan: 1.6 },
  100: { plan: 0.85 },
  1000: { plan: 0.4, noRefresh: 0.45, create: 0.55, changeOne: 0.45, destroy: 0.65 },
};

/** The bars that the measured cells can be held against; ratios to the peer only where one was given. */
export function bars(summaries: readonly PhaseSummary[], { requests, onWire }: Pick<Estate, 'requests' | 'onWire'>): Bar[] {
  const mine = summaries.filter(({ contender }) => contender === 'ours');
  const walls = mine.flatMap(({ n, phase, toPeer: measured }) => {
    const atMost = toPeer[n]?.[phase];
    return atMost === undefined || !onWire ? [] : [{ what: `${titles[phase]}, N = ${n}, to peer`, measured, atMost, unit: 'x' }];
  });
  const asked = mine.flatMap(({ n, phase, sample }) => {
    return n < 100
      ? []
      : [{ what: `${titles[phase]}, N = ${n}, requests`, measured: sample.requests, atMost: requests[phase](n), unit: '', digits: 0 }];
  });
  return [...walls, ...asked, ...mine.flatMap(ofProvider), ...linearity(mine)];
}

const peaks: Readonly<Record<number, number>> = { 1000: 110, 2000: 130 };

function ofProvider({ n, phase, sample }: PhaseSummary): Bar[] {
  if (phase === 'create' && n >= 100)
    return [{ what: `create, N = ${n}, connections`, measured: sample.connections, atMost: 20, unit: '', digits: 0 }];
  if (phase !== 'plan') return [];
  const cpu = { what: `provider CPU per resource, plan of ${n}`, measured: sample.childCpu / n, atMost: 3, unit: ' ms' };
  const peak = { what: `provider peak RSS, plan of ${n}`, measured: sample.childPeak / 2 ** 20, unit: ' MiB', digits: 0 };
  const atMost = peaks[n];
  return [...(n >= 1000 ? [cpu] : []), ...(atMost === undefined ? [] : [{ ...peak, atMost }])];
}

function linearity(mine: readonly PhaseSummary[]): Bar[] {
  const wall = (n: number): number => find(mine, { n, contender: 'ours', phase: 'plan' })?.sample.wall ?? NaN;
  const measured = wall(5000) / wall(1000);
  return Number.isFinite(measured) ? [{ what: 'refresh plan, N = 5,000 to N = 1,000', measured, atMost: 5.5, unit: 'x' }] : [];
}
