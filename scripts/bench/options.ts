import { parseArgs } from 'node:util';
import { type Estate, remotes, repositories } from './estate';

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
  /** Which provider of ours. */
  readonly provider: Estate['provider'];
  /** In how many projects the repositories of bkrepo are. */
  readonly projects: number;
  /** Another build of our provider. */
  readonly build: string | undefined;
  /** Names of the contenders to measure; all when left out. */
  readonly only: readonly string[] | undefined;
}

export const usage = `npm run bench -- [options]
  --provider NAME     artifactapi (remotes, the default) or bkrepo (repositories)
  --n 1,100,1000      objects in a configuration; several sizes are measured one after the other
  --projects 20       bkrepo: in how many projects the repositories are
  --latency 20        milliseconds that each answer of the API takes
  --parallelism 10    as Terraform's option
  --rounds 3          rounds; in each every contender goes through all phases once
  --peer PATH         executable of Mastercard's restapi provider; without it only the limit is compared with
  --cli terraform     the terraform or tofu executable
  --build PATH        another build of our provider than the one in dist/provider
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
      provider: { ...text, default: 'artifactapi' },
      projects: { ...text, default: '20' },
      build: text,
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
    provider: providerOf(values.provider),
    projects: whole('projects', values.projects, 1),
    build: values.build,
    only: values.only?.split(','),
    out: values.out,
    svg: values.svg,
  };
}

/** What the configurations are full of. */
export const estateOf = ({ provider, projects }: Pick<Options, 'provider' | 'projects'>): Estate =>
  provider === 'bkrepo' ? repositories(projects) : remotes;

/** A provider of ours by its name. */
export function providerOf(given: string): Estate['provider'] {
  if (given === 'artifactapi' || given === 'bkrepo') return given;
  throw new Error(`--provider is "${given}", but must be artifactapi or bkrepo`);
}

/** A whole number of the command line. */
export function whole(name: string, given: string, least: number): number {
  const value = Number(given);
  if (!Number.isInteger(value) || value < least)
    throw new Error(`--${name} is "${given}", but must be a whole number of at least ${least}`);
  return value;
}
