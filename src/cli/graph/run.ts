import { writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { dotOf } from '../../graph/dot';
import { type Graph, graphOf } from '../../graph/graph';
import { mermaidOf } from '../../graph/mermaid';
import { serverEstate } from '../../graph/server';
import { svgOf } from '../../graph/svg';
import { KnownProviders } from '../../plans/known';
import { locate } from '../../plans/locate';
import { Session } from '../../plans/session';
import { loaders } from '../../resources/load';
import { adoptedProvider } from '../adopt/provider';
import { connected, endpointOf } from '../connected';
import { Failure, lineOf, Misuse, printable } from '../failure';
import type { GraphOptions } from './command';

const WRITERS = { mermaid: mermaidOf, dot: dotOf, svg: svgOf } as const;
const BY_EXTENSION: Readonly<Record<string, keyof typeof WRITERS>> = {
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
  '.svg': 'svg',
};

/** Draws what the user names. */
export async function draw(what: string | undefined, options: GraphOptions): Promise<void> {
  const { out } = options;
  const format = options.format ?? (out === undefined ? 'mermaid' : BY_EXTENSION[extname(out).toLowerCase()]);
  if (format === undefined)
    throw new Misuse(`no format is known for the file name ${out}; add --format, or end it with .svg, .mmd or .dot`);
  const graph = options.server === undefined ? await declared(what, options) : await living(what, options.server, options);
  if (graph.groups.length === 0) throw new Failure(`there is nothing to draw: ${graph.title} has no resources of a known provider`);
  const text = WRITERS[format](graph);
  if (out === undefined) return void process.stdout.write(text);
  try {
    writeFileSync(out, text);
    process.stderr.write(`Wrote ${out}: ${graph.groups.flatMap(({ nodes }) => nodes).length} boxes.\n`);
  } catch (cause) {
    throw new Failure(`cannot write ${out}: ${lineOf(cause)}; choose another file with --out`);
  }
}

async function declared(what: string | undefined, { dir, plan, synth, coreBinary, timeout, endpoint }: GraphOptions): Promise<Graph> {
  if (endpoint !== undefined) throw new Misuse('--endpoint requires --server, which says what the server is');
  const located = locate({ given: what, folder: dir }, process.cwd());
  const session = new Session({
    known: new KnownProviders(Object.values(loaders).map((load) => load())),
    env: process.env,
    coreBinary,
    planArguments: [],
    synthesizes: synth,
    timeout: timeout * 1000,
    onProgress: (doing, after) => process.stderr.write(`${doing} (${after} s)\n`),
  });
  if ((located.kind === 'app' || located.kind === 'stacks') && !plan) {
    const stacks = await session.stacks(located);
    return graphOf(stacks.map(({ name }) => name).join(', '), stacks);
  }
  const plans = [];
  for await (const one of session.plans(located)) plans.push(one);
  return graphOf(
    plans.map(({ name }) => name).join(', '),
    plans.map((one) => one.plan),
  );
}

async function living(what: string | undefined, server: string, options: GraphOptions): Promise<Graph> {
  if (what !== undefined) throw new Misuse(`with --server, nothing else can be drawn; leave out ${JSON.stringify(basename(what))}`);
  const { definition } = await adoptedProvider(server);
  const { url } = endpointOf(definition, options.endpoint);
  const handler = await connected(definition, url);
  try {
    const { estate, unread } = await serverEstate(definition, handler);
    for (const problem of unread) process.stderr.write(`repoform: left out: ${printable(problem)}\n`);
    return graphOf(`${definition.title} at ${new URL(url).host}`, [estate]);
  } finally {
    handler.stop();
    await handler.end();
  }
}
