import { byModule, modulesOf, selfTimes } from '../../scripts/bench/cpu-profile';

const bundle = ['// src/a.ts', 'function one() {}', '// node_modules/zod/b.js', 'function two() {}', '// a remark', 'two();'].join('\n');
const frame = (functionName: string, lineNumber: number, url = 'file:///bundle') => ({ functionName, lineNumber, url });
const profile = {
  nodes: [
    { id: 1, callFrame: frame('(idle)', -1, '') },
    { id: 2, callFrame: frame('one', 1) },
    { id: 3, callFrame: frame('two', 3) },
    { id: 4, callFrame: frame('one', 1) },
    { id: 5, callFrame: frame('emit', 9, 'node:events') },
  ],
  samples: [1, 2, 3, 4, 2, 5],
  timeDeltas: [50_000, 1000, 5000, 2000, 1000, 500],
};

describe('a CPU profile', () => {
  it('knows the module of each line of a bundle', () => {
    expect([1, 3, 5].map(modulesOf(bundle))).toEqual(['src/a.ts', 'node_modules/zod/b.js', 'node_modules/zod/b.js']);
  });

  it('adds the samples of a function up wherever it was called, and leaves idle time out', () => {
    const times = selfTimes(profile, modulesOf(bundle));
    expect(times).toEqual([
      { name: 'two', module: 'node_modules/zod/b.js', milliseconds: 5 },
      { name: 'one', module: 'src/a.ts', milliseconds: 4 },
      { name: 'emit', module: 'node:events', milliseconds: 0.5 },
    ]);
    expect([...byModule(times, (module) => module.split('/')[0] ?? '')]).toEqual([
      ['node_modules', 5],
      ['src', 4],
      ['node:events', 0.5],
    ]);
  });
});
