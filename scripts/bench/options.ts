import { parseArgs } from 'node:util';

/** What `npm run bench` was asked to do. */
export interface Options {
  /** Sizes, measured one after the other. */
  readonly sizes: readonly number[];
  readonly latency: number;
  readonly parallelism: number;
  readonly rounds: number;
  readonly peer: string | undefined;
  readonly cli: string;
  readonly out: string | undefined;
  readonly svg: string | undefined;
  readonly provider: string | undefined;
  /** Names of the contenders to measure; all when left out. */
  readonly only: readonly string[] | undefined;
}

export const usage = `npm run bench -- [options]
  --n 1,100,1000      remotes in a configuration; several sizes are measured one after the other
  --latency 20        milliseconds that each answer of the API takes
  --parallelism 10    as Terraform's option
  --rounds 3          rounds; in each every contender goes through all phases once
  --peer PATH         executable of Mastercard's restapi provider; without it only the limit is compared with
  --cli terraform     the terraform or tofu executable
  --provider PATH     another build of our provider than dist/provider
  --only ours,limit   leaves the other contenders out
  --out FILE.json     all samples and their medians, written after each run
  --svg FOLDER        bar charts
`;

/** Reads the command line; nothing when it asks for help. */
export function optionsOf(args: readonly string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      n: { ...text, default: '1,100,1000' },
      latency: { ...text, default: '20' },
      parallelism: { ...text, default: '10' },
      rounds: { ...text, default: '3' },
      peer: text,
      cli: { ...text, default: 'terraform' },
      provider: text,
      only: text,
      out: text,
      svg: text,
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  return {
    sizes: values.n.split(',').map((part) => whole('n', part, 1)),
    latency: whole('latency', values.latency, 0),
    parallelism: whole('parallelism', values.parallelism, 1),
    rounds: whole('rounds', values.rounds, 1),
    peer: values.peer,
    cli: values.cli,
    provider: values.provider,
    only: values.only?.split(','),
    out: values.out,
    svg: values.svg,
  };
}

function whole(name: string, given: string, least: number): number {
  const value = Number(given);
  if (!Number.isInteger(value) || value < least)
    throw new Error(`--${name} is "${given}", but must be a whole number of at least ${least}`);
  return value;
}
