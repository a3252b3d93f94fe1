import { verdict } from '../../scripts/bench/bar';
import { optionsOf } from '../../scripts/bench/options';
import { remotes, repositories } from '../../scripts/bench/estate';
import { type Phase, phases } from '../../scripts/bench/phases';
import { bars } from '../../scripts/bench/report';
import type { Run, Sample } from '../../scripts/bench/run';
import { median, medianRatio, rotated } from '../../scripts/bench/statistics';
import { find, summarise } from '../../scripts/bench/summary';

const used = { ownCpu: 10, childCpu: 2000, childPeak: 100 * 2 ** 20, treePeak: 200 * 2 ** 20 };
const counted = { requests: 2, byRoute: {}, connections: 2, mostAtOnce: 2, stateWrites: 0 };

function run(contender: string, round: number, wall: number): Run {
  const sample: Sample = { wall, ...used, ...counted };
  const samples = Object.fromEntries(phases.map((phase) => [phase, sample])) as Record<Phase, Sample>;
  return { n: 1000, round, contender, samples };
}

describe('the arithmetic', () => {
  it('takes the middle value, or the mean of the middle two, and leaves out what was not measured', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([NaN, 5])).toBe(5);
    expect(median([])).toBeNaN();
  });

  it('takes ratios pair by pair', () => {
    // Ratio of medians: 20 / 10. Pair by pair: 1, 3, 3.
    expect(medianRatio([10, 30, 20], [10, 10, 20 / 3])).toBe(3);
  });

  it('begins with another one each round', () => {
    expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
  });

  it('says ok at the bar and by how much a value is over it', () => {
    const bar = { what: 'time', atMost: 2, unit: 's' };
    expect(verdict({ ...bar, measured: 2 })).toBe('ok');
    expect(verdict({ ...bar, measured: 3 })).toBe('over by 50 %');
    expect(verdict({ ...bar, measured: NaN })).toBe('not measured');
    const least = { what: 'speed', atLeast: 2, unit: 'x' };
    expect(verdict({ ...least, measured: 2 })).toBe('ok');
    expect(verdict({ ...least, measured: 1.5 })).toBe('short by 25 %');
  });
});

describe('the summary', () => {
  const runs = [
    ...[100, 200, 400].map((wall, round) => run('limit', round, wall)),
    ...[300, 600, 800].map((wall, round) => run('ours', round, wall)),
    ...[1000, 1200, 3200].map((wall, round) => run('peer', round, wall)),
  ];

  it('compares each run with those of its own round', () => {
    const plan = find(summarise(runs), { n: 1000, contender: 'ours', phase: 'plan' });
    expect(plan).toMatchObject({ rounds: 3, toLimit: 3, toPeer: 0.3 });
    expect(plan?.sample).toMatchObject({ wall: 600, requests: 2, childCpu: 2000 });
  });

  it('holds what was measured against the bars', () => {
    const held = bars(summarise(runs), remotes).map((bar) => [bar.what, bar.measured, bar.atMost, verdict(bar)]);
    expect(held).toContainEqual(['refresh plan, N = 1000, to peer', 0.3, 0.4, 'ok']);
    expect(held).toContainEqual(['plan without refresh, N = 1000, requests', 2, 0, 'over']);
    expect(held).toContainEqual(['provider CPU per resource, plan of 1000', 2, 3, 'ok']);
    expect(held).toContainEqual(['provider peak RSS, plan of 1000', 100, 110, 'ok']);
  });

  it('expects of repositories two calls for each project, a read after each create, and two searches before deletes', () => {
    const atMost = bars(summarise(runs), repositories(20)).flatMap((bar) => (bar.what.includes('requests') ? [bar.atMost] : []));
    expect(atMost).toEqual([2020, 40, 0, 42, 1080]);
  });

  it('has no ratio where there is no peer', () => {
    const alone = summarise(runs.filter(({ contender }) => contender !== 'peer'));
    expect(find(alone, { n: 1000, contender: 'ours', phase: 'plan' })?.toPeer).toBeNaN();
  });
});

describe('the command line', () => {
  it('has a default for everything that needs one', () => {
    expect(optionsOf([])).toEqual({
      provider: 'artifactapi',
      projects: 20,
      sizes: [1, 100, 1000],
      latency: 20,
      parallelism: 10,
      rounds: 3,
      cli: 'terraform',
    });
  });

  it('reads sizes and refuses what is no whole number', () => {
    expect(optionsOf(['--n', '5,10', '--peer', 'x'])).toMatchObject({ sizes: [5, 10], peer: 'x' });
    expect(() => optionsOf(['--rounds', '0'])).toThrow('--rounds is "0", but must be a whole number of at least 1');
    expect(() => optionsOf(['--provider', 'npm'])).toThrow('--provider is "npm", but must be artifactapi or bkrepo');
    expect(optionsOf(['--help'])).toBeUndefined();
  });
});
