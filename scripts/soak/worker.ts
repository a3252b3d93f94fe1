import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Workspace } from './client';
import { type Ecosystem, type Item, type Place } from './ecosystems/ecosystem';
import { call, type Estate, type EstateOf, send } from './estate';
import { expectBytes, type Outages, WrongResult } from './ledger';
import { type Random } from './random';
import { type Setup } from './setup';
import { Stack } from './terraform';
import { Upstream } from './upstream';

/** How many packages an upstream has. */
const PUBLIC = 12;

/** Who works, and with what. */
interface Parts {
  readonly setup: Setup;
  readonly ecosystem: Ecosystem;
  readonly random: Random;
  readonly estateOf: EstateOf;
}

/** One ecosystem at work: makes an estate, publishes and downloads, and removes it; again and again. */
export class Worker {
  #estates = 0;
  #published = 0;

  private constructor(
    private readonly parts: Parts,
    private readonly items: readonly Item[],
    readonly upstream: Upstream,
  ) {}

  static async start(parts: Parts): Promise<Worker> {
    const { ecosystem, random, setup } = parts;
    const working = <T>(step: (work: Workspace) => Promise<T>) => Workspace.with(join(setup.folder, 'work'), step);
    const items: Item[] = [];
    for (let index = 0; index < PUBLIC; index++) items.push(await working((work) => ecosystem.make(`pub-${index}`, random, work)));
    const shelf = await working((work) => ecosystem.upstream(items, work));
    return new Worker(parts, items, await Upstream.start(shelf));
  }

  /** Works until a time, and leaves nothing. */
  async work(until: number): Promise<void> {
    while (Date.now() < until) {
      await Workspace.with(join(this.parts.setup.folder, 'work'), (work) => this.#generation(work, until));
    }
  }

  /** An estate from its beginning to its end. */
  async #generation(work: Workspace, until: number): Promise<void> {
    const { setup, ecosystem, random, estateOf } = this.parts;
    const { upstream } = this;
    const id = `${++this.#estates}`;
    const estate = estateOf({ setup, ecosystem, id, upstream: upstream.url, random });
    const stack = random.chance(0.5) ? new Stack(work, setup) : undefined;
    if (!(await this.#persist(stack ? 'terraform' : 'API', 'deploy', () => this.#deploy(estate, stack)))) return;
    const kept: Item[] = [];
    for (let left = random.int(8, 16); left > 0 && Date.now() < until; left--) {
      await this.#operate(estate, kept);
      await sleep(random.int(200, 2500));
    }
    for (const item of kept) await this.#readAgain(estate, item);
    // After the end, everybody waits for Terraform to destroy.
    if (stack && Date.now() < until) await this.#persist('terraform', 'plan', () => stack.expectEmptyPlan());
    await this.#persist(stack ? 'terraform' : 'API', 'destroy', () => this.#destroy(estate, stack));
  }

  async #operate({ places }: Estate, kept: Item[]): Promise<void> {
    const { random, ecosystem } = this.parts;
    const { remote, local, virtual } = places;
    const turn = random.next();
    if (turn < 0.3) {
      const name = `own-${++this.#published}`;
      const item = await Workspace.with(join(this.parts.setup.folder, 'work'), (work) => ecosystem.make(name, random, work));
      const failure = await this.#step([], `publish ${item.name}`, (work) => ecosystem.publish(local, item, work));
      if (failure === undefined) kept.push(item);
    } else if (turn < 0.5 && kept.length > 0) {
      const place = random.pick([local, virtual]);
      await this.#download(place, random.pick(kept), place === local ? [] : [this.upstream.outages]);
    } else {
      const [place, item] = [random.pick([remote, virtual]), random.pick(this.items)];
      const times = random.chance(0.25) ? 2 : 1;
      await Promise.all(Array.from({ length: times }, () => this.#download(place, item, [this.upstream.outages])));
    }
  }

  async #download(place: Place, item: Item, excuses: readonly Outages[]): Promise<void> {
    const { ecosystem } = this.parts;
    const what = `download ${item.name} from ${place.kind} ${place.name}`;
    await this.#step(excuses, what, async (work) => {
      const found = await ecosystem.download(place, item, work);
      for (const [index, { path, body }] of item.contents.entries())
        expectBytes(`${path} of ${place.name}`, found[index] ?? Buffer.alloc(0), body);
    });
  }

  #step(excuses: readonly Outages[], what: string, step: (work: Workspace) => Promise<void>) {
    const { setup, ecosystem } = this.parts;
    const all = [...excuses, ...setup.replicas.map((replica) => replica.outages)];
    return setup.ledger.take({ client: ecosystem.name, what, excuses: all }, () => Workspace.with(join(setup.folder, 'work'), step));
  }

  /** What was published is there, at each process. */
  async #readAgain({ places: { local } }: Estate, { name, contents }: Item): Promise<void> {
    const { setup, ecosystem } = this.parts;
    const step = { client: 'read again', what: `read ${name} of the local again (${ecosystem.name})` };
    for (const { replica, url } of setup.atEach(local.url))
      await setup.ledger.persist({ ...step, excuses: [replica.absences] }, async () => {
        for (const { path, body } of contents) {
          const answer = await call(`${url}/${path}`, { login: local.login });
          if (!answer.ok) throw new Error(`${url}/${path} answers ${answer.status} ${answer.body.toString().slice(0, 300)}`);
          expectBytes(`${path} of ${local.name}`, answer.body, body);
        }
      });
  }

  async #deploy(estate: Estate, stack: Stack | undefined): Promise<void> {
    if (stack) return stack.deploy(estate.resources);
    await send([...estate.removes, ...estate.creates], estate.login);
  }

  async #destroy(estate: Estate, stack: Stack | undefined): Promise<void> {
    if (stack) await stack.destroy();
    else await send(estate.removes, estate.login);
    for (const { url, name, login } of Object.values(estate.places)) {
      const { status } = await call(`${url}/nothing`, { login });
      if (status < 400) throw new WrongResult(`${name} is still there: ${url} answers ${status}`);
    }
  }

  /** Takes a step again until it succeeds; an estate that is half made is removed first. */
  #persist(client: string, what: string, step: () => Promise<void>): Promise<boolean> {
    const { setup, ecosystem } = this.parts;
    const excuses = setup.replicas.map((replica) => replica.outages);
    return setup.ledger.persist({ client, what: `${what} (${ecosystem.name})`, excuses }, step);
  }
}
