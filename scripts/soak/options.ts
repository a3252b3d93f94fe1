import { parseArgs } from 'node:util';
import { whole } from '../bench/options';
import { SETUPS, type SetupName } from './setup';

/** What `npm run soak` was asked to do. */
export interface Options {
  readonly minutes: number;
  readonly seed: string;
  readonly setups: readonly SetupName[];
  /** Whether memory is judged, which takes a long run. */
  readonly isHeapJudged: boolean;
  /** Whether heap snapshots are taken, of the time after a half and at the end. */
  readonly hasSnapshots: boolean;
}

export const usage = `npm run soak -- [options]
  --minutes 30               how long clients work; the heap is judged from 20 minutes on
  --seed TEXT                determines what is random (default: another one each time, which is printed)
  --setups single,replicas   how the registry is run, side by side: single (SQLite, one process), replicas (PostgreSQL and a folder, two),
                             bucket (PostgreSQL and S3, two; needs versitygw)
  --snapshots                write heap snapshots of the measured process after half of the time and at its end, and keep them
`;

const LONG_MINUTES = 20;

/** Reads the command line; nothing when it asks for help. */
export function optionsOf(args: readonly string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { ...text, default: '30' },
      seed: { ...text, default: Date.now().toString(36) },
      setups: { ...text, default: 'single,replicas' },
      snapshots: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const minutes = whole('minutes', values.minutes, 1);
  return {
    minutes,
    seed: values.seed,
    setups: values.setups.split(',').map(setupOf),
    isHeapJudged: minutes >= LONG_MINUTES,
    hasSnapshots: values.snapshots,
  };
}

function setupOf(given: string): SetupName {
  const found = SETUPS.find((each) => each === given);
  if (found) return found;
  throw new Error(`--setups names "${given}"; expected one or more of ${SETUPS.join(', ')}`);
}
