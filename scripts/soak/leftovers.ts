import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './estate';
import { type Replica } from './replica';
import { type Setup } from './setup';

const PATIENCE_MS = 100_000;

/** What a registry had before anything was done with it. */
export interface Beginning {
  readonly contents: ReadonlySet<string>;
  readonly handles: ReadonlyMap<Replica, ReturnType<Replica['handles']>>;
}

/** Looks at a registry that has only said that it is ready. */
export async function beginningOf(setup: Setup): Promise<Beginning> {
  return { contents: new Set(setup.contents()), handles: new Map(setup.replicas.map((each) => [each, each.handles()])) };
}

/** Waits until a registry that nobody uses has let go of everything; the answer is what it has not. */
export async function leftoversOf(setup: Setup, beginning: Beginning): Promise<string[]> {
  await setup.stopFront();
  const repositories = await repositoriesOf(setup);
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(1000)) {
    const left = [...repositories, ...files(setup, beginning), ...setup.replicas.flatMap((each) => handles(each, beginning))];
    if (left.length === 0 || Date.now() > until) return left;
  }
}

async function repositoriesOf({ survivor }: Setup): Promise<string[]> {
  const lists = ['remotes', 'virtuals'].map(async (list) => {
    const { body } = await call(`${survivor.url}/api/v2/${list}`);
    const all = JSON.parse(body.toString()) as readonly { name: string }[] | null;
    return (all ?? []).map(({ name }) => `${list}: ${name}`);
  });
  return (await Promise.all(lists)).flat();
}

function files(setup: Setup, { contents }: Beginning): string[] {
  return setup
    .contents()
    .filter((path) => !contents.has(path))
    .map((path) => `file ${path}`);
}

/** Files and kinds of handles of which there are more than at first. Connections to the database are kept for a while: at most 10. */
function handles(replica: Replica, { handles: first }: Beginning): string[] {
  const [now, before] = [replica.handles(), first.get(replica)];
  const name = replica.options.name;
  const open = now.files.filter((file) => !before?.files.includes(file)).map((file) => `${name} has ${file} open`);
  const more = Object.entries(now.counts).flatMap(([kind, count]) => {
    const allowed = (before?.counts[kind] ?? 0) + (kind === 'socket' && replica.options.isBalanced ? 10 : 0);
    return count > allowed ? [`${name} has ${count} of ${kind} open, at most ${allowed} at first`] : [];
  });
  return [...open, ...more];
}
