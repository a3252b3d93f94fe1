import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bar } from '../bar';
import { cpuOf } from '../process-sampler';
import { median, rotated } from '../statistics';
import { postgresql, s3Program, sqlite } from './engines';
import { type Effort } from './files';
import { answered, downloadTime, warmUp } from './load';
import { type Program } from './programs';
import { addRepository, startUpstream } from './upstream';

const SMALL = 1024;
const CONNECTIONS = 64;

/** Processes that answer the same requests. */
interface Contender {
  readonly name: string;
  /** Where each of them answers. */
  readonly urls: readonly string[];
  readonly pids: readonly number[];
  /** The database they use, where that is a process of its own. */
  readonly database: readonly number[];
}

interface Result {
  readonly perSecond: number;
  /** Requests for each second of processor time of the registry, and of the database as well. */
  readonly perCpu: number;
  readonly perCpuWithDatabase: number;
}

/** A cached file of 1 KB from PostgreSQL and S3, by one process and by two, and from SQLite and a folder, in turns. */
export async function measureStores(folder: string, effort: Effort): Promise<Bar[]> {
  const programs: { stop(): Promise<void> }[] = [];
  const started = <T extends { stop(): Promise<void> } | undefined>(program: T): T => {
    if (program) programs.push(program);
    return program;
  };
  try {
    const place = join(folder, 'stores');
    mkdirSync(place);
    const [database, s3] = [await postgresql(), started(await s3Program(join(place, 's3')))];
    if (!database || !s3) return missing(database ? 'versitygw' : 'PostgreSQL');
    const upstream = started(await startUpstream((_request, response) => void response.end(Buffer.alloc(SMALL, 'x'))));
    const one = started(await sqlite.program(join(place, 'sqlite')));
    const replicas: Program[] = [];
    for (const name of ['first', 'second']) replicas.push(started(await database.program(join(place, name), [], s3.environment)));
    for (const { url } of [one, ...replicas.slice(0, 1)])
      await addRepository(url, { name: 'files', package_type: 'generic', base_url: upstream.url });
    const contender = (name: string, members: readonly Program[], own: readonly number[]): Contender => ({
      name,
      urls: members.map(({ url }) => `${url}/api/v1/remote/files/small`),
      pids: members.map(({ pid }) => pid),
      database: own,
    });
    const contenders = [
      contender('SQLite', [one], []),
      contender('PostgreSQL and S3', replicas.slice(0, 1), [database.pid]),
      contender('two processes', replicas, [database.pid]),
    ];
    for (const { urls } of contenders) for (const url of urls) for (let time = 0; time < 3; time++) await downloadTime(url, SMALL);
    for (const url of new Set(contenders.flatMap(({ urls }) => urls))) await warmUp(url, CONNECTIONS);
    return barsOf(contenders, await measure(contenders, effort));
  } finally {
    for (const program of programs.reverse()) await program.stop();
  }
}

/** All results of each; the order changes from round to round. */
async function measure(contenders: readonly Contender[], { rounds, seconds }: Effort): Promise<Result[][]> {
  const results: Result[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const contender of rotated(contenders, round)) results[contenders.indexOf(contender)]?.push(await once(contender, seconds));
  return results;
}

async function once({ urls, pids, database }: Contender, seconds: number): Promise<Result> {
  const used = () => [cpuOf(pids), cpuOf(database)];
  const [before = 0, databaseBefore = 0] = used();
  const all = await Promise.all(urls.map((url) => answered(url, { connections: CONNECTIONS / urls.length, seconds })));
  const [after = 0, databaseAfter = 0] = used();
  const [requests, own, others] = [all.reduce((sum, each) => sum + each.requests, 0), after - before, databaseAfter - databaseBefore];
  const perSecond = all.reduce((sum, each) => sum + each.perSecond, 0);
  return { perSecond, perCpu: (1000 * requests) / own, perCpuWithDatabase: (1000 * requests) / (own + others) };
}

function barsOf(contenders: readonly Contender[], results: readonly Result[][]): Bar[] {
  const [sqliteResults = [], postgresResults = [], pairResults = []] = results;
  const middle = (all: readonly Result[], value: keyof Result) => median(all.map((each) => each[value]));
  for (const [index, { name }] of contenders.entries()) {
    const [perSecond, perCpu, with_] = (['perSecond', 'perCpu', 'perCpuWithDatabase'] as const).map((value) =>
      Math.round(middle(results[index] ?? [], value)),
    );
    process.stderr.write(`  ${name}: ${perSecond} requests/s, ${perCpu} per CPU second, ${with_} with that of the database\n`);
  }
  const ratio = (a: readonly Result[], b: readonly Result[], value: keyof Result) => middle(a, value) / middle(b, value);
  const what = `1 KB from the cache at ${CONNECTIONS} connections`;
  const bar = { unit: 'x' };
  return [
    {
      ...bar,
      what: `${what}, PostgreSQL and S3 to SQLite, requests a second`,
      measured: ratio(postgresResults, sqliteResults, 'perSecond'),
      atLeast: 0.6,
    },
    { ...bar, what: 'the same, requests for each CPU second', measured: ratio(postgresResults, sqliteResults, 'perCpu'), atLeast: 0.6 },
    { ...bar, what: 'the same, with the CPU of the database', measured: ratio(postgresResults, sqliteResults, 'perCpuWithDatabase') },
    {
      ...bar,
      what: `${what}, two processes to one, requests for each CPU second`,
      measured: ratio(pairResults, postgresResults, 'perCpu'),
    },
    { ...bar, what: 'the same, with the CPU of the database', measured: ratio(pairResults, postgresResults, 'perCpuWithDatabase') },
    { ...bar, what: 'the same, requests a second', measured: ratio(pairResults, postgresResults, 'perSecond') },
  ];
}

function missing(name: string): Bar[] {
  process.stderr.write(`  ${name} is not installed (.ci/clients installs it)\n`);
  return [{ what: `1 KB from the cache, PostgreSQL and S3 to SQLite (${name} is not installed)`, measured: NaN, atLeast: 0.6, unit: 'x' }];
}
