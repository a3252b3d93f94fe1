import { type Soak } from './soak';

const MB = 2 ** 20;
const mb = (bytes: number): string => (bytes / MB).toFixed(1);

/** One line about how it goes. */
export function progress(soak: Soak): string {
  const lines = [...soak.setup.ledger.lines.values()];
  const sum = (part: 'done' | 'expected' | 'unexpected') => lines.reduce((total, line) => total + line[part], 0);
  const last = soak.samples.at(-1);
  const starts = soak.setup.replicas.map((each) => each.starts).join('+');
  const heap = last ? `, heap ${mb(last.memory.heapUsed)} MB` : '';
  return `${soak.setup.name}: ${sum('done')} done, ${sum('expected')} failed as expected, ${sum('unexpected')} failed, ${starts} starts${heap}`;
}

/** Everything that was measured. */
export function report(soak: Soak): string {
  const { setup, samples, growth } = soak;
  const operations = [...setup.ledger.lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([client, { done, expected, unexpected, ms, slowest }]) => {
      const mean = (ms / Math.max(1, done + expected + unexpected) / 1000).toFixed(2);
      return [client, done, expected, unexpected, mean, (slowest / 1000).toFixed(1)];
    });
  const first = samples[0]?.at ?? 0;
  const usage = samples.map(({ at, starts, memory, resources, handles }) => {
    const kinds = Object.entries({ file: handles.files.length, ...handles.counts });
    const timers = resources['Timeout'] ?? 0;
    return [
      ((at - first) / 60_000).toFixed(1),
      starts,
      ...[mb(memory.heapUsed), mb(memory.external), mb(memory.rss)],
      kinds.map(([kind, count]) => `${count} ${kind.replace('anon_inode:', '')}`).join(', '),
      timers,
    ];
  });
  return [
    `\n${setup.name}: ${setup.replicas.map((each) => `${each.options.name} started ${each.starts} times`).join(', ')}`,
    table(['client', 'done', 'failed as expected', 'failed', 'mean s', 'slowest s'], operations),
    `${setup.survivor.options.name}, after collection; the last line is after everything was removed`,
    table(['minute', 'start', 'heap MB', 'external MB', 'RSS MB', 'handles', 'timers'], usage),
    growth === undefined ? 'too short to judge the heap' : `heap in the second half: ${(growth * 100).toFixed(1)} %`,
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_each, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}
