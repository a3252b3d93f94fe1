/** A profile as V8 writes it. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** The time that a function took by itself, without those that it called. */
export interface SelfTime {
  readonly name: string;
  readonly module: string;
  readonly milliseconds: number;
}

/** Self times of a profile, the longest first; the time in which nothing ran is left out. */
export function selfTimes(profile: CpuProfile, moduleAt: (line: number) => string): SelfTime[] {
  const perNode = new Map<number, number>();
  profile.samples.forEach((id, index) => perNode.set(id, (perNode.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000));
  const totals = new Map<string, SelfTime>();
  for (const { id, callFrame } of profile.nodes) {
    const module = moduleOf(callFrame, moduleAt);
    const key = `${module} ${callFrame.functionName} ${callFrame.lineNumber}`;
    const name = callFrame.functionName || `anonymous, line ${callFrame.lineNumber + 1}`;
    const milliseconds = (totals.get(key)?.milliseconds ?? 0) + (perNode.get(id) ?? 0);
    if (name !== '(idle)') totals.set(key, { name, module, milliseconds });
  }
  return [...totals.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

/** The sums of the self times of each module. */
export function byModule(times: readonly SelfTime[], room: (module: string) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { module, milliseconds } of times) sums.set(room(module), (sums.get(room(module)) ?? 0) + milliseconds);
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}

/** Tells of which module a line of a bundle is, by the comments that esbuild puts before each. */
export function modulesOf(bundle: string): (line: number) => string {
  const owners: string[] = [];
  let owner = 'bundle';
  for (const line of bundle.split('\n')) {
    owner = /^\s*\/\/ ((?:src|node_modules|schemas)[\w@./:-]*)$/.exec(line)?.[1] ?? owner;
    owners.push(owner);
  }
  return (line) => owners[line] ?? 'bundle';
}

function moduleOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame'], moduleAt: (line: number) => string): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (url === '') return 'native code of Node';
  if (url.startsWith('node:')) return url;
  return moduleAt(lineNumber);
}
