import type { Chart } from './chart';
import { titles } from './report';
import { phases } from './phases';
import { find, type PhaseSummary } from './summary';

/** The charts of each size: wall time, processor time and requests. */
export function chartsOf(summaries: readonly PhaseSummary[], objects: string): { readonly file: string; readonly chart: Chart }[] {
  const sizes = [...new Set(summaries.map(({ n }) => n))];
  const draw = (measure: Measure): Chart => chartOf(summaries, measure);
  return sizes.flatMap((n) => [
    {
      file: `wall-${n}.svg`,
      chart: draw({ n, objects, title: 'Wall time', unit: 'seconds', of: ({ sample }) => sample.wall / 1000 }),
    },
    {
      file: `cpu-${n}.svg`,
      chart: draw({
        n,
        objects,
        title: 'Processor time',
        unit: 'seconds',
        of: ({ sample }) => (sample.ownCpu + sample.childCpu) / 1000,
      }),
    },
    { file: `requests-${n}.svg`, chart: draw({ n, objects, title: 'Requests', unit: 'number', of: ({ sample }) => sample.requests }) },
  ]);
}

interface Measure {
  readonly n: number;
  readonly objects: string;
  readonly title: string;
  readonly unit: string;
  readonly of: (summary: PhaseSummary) => number;
}

function chartOf(summaries: readonly PhaseSummary[], { n, objects, title, unit, of }: Measure): Chart {
  const series = [...new Set(summaries.filter((summary) => summary.n === n).map(({ contender }) => contender))].sort();
  const value = (contender: string, phase: (typeof phases)[number]): number => {
    const summary = find(summaries, { n, contender, phase });
    return summary ? of(summary) : NaN;
  };
  const groups = phases.map((phase) => ({ name: titles[phase], values: series.map((contender) => value(contender, phase)) }));
  return { title: `${title}, ${n} ${objects}`, unit, series, groups };
}
