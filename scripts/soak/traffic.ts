import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, send } from './estate';
import { expectBytes, type Outages, WrongResult } from './ledger';
import { bytesOf, type Random } from './random';
import { type Setup } from './setup';
import { type Shelf, Upstream } from './upstream';

const FILES = 200;
const REMOTE = 'soak-files';
const LOCAL = 'soak-uploads';
const KEPT = 30;

/** Any number of files, which their names determine; some are large. */
const contentOf = (name: string): Buffer =>
  bytesOf(name, 1 + (createHash('sha256').update(name).digest().readUInt32LE() % (name.includes('large') ? 6_000_000 : 60_000)));
const shelf: Shelf = (path) => (path.startsWith('/files/') ? { body: contentOf(path) } : undefined);

/** Raw HTTP in many connections: what package managers seldom do, such as giving up in the middle, ranges and stampedes. */
export class Traffic {
  readonly #kept = new Set<string>();
  #count = 0;

  private constructor(
    private readonly setup: Setup,
    private readonly random: Random,
    readonly upstream: Upstream,
  ) {}

  static async start(setup: Setup, random: Random): Promise<Traffic> {
    return new Traffic(setup, random, await Upstream.start(shelf));
  }

  async work(until: number): Promise<void> {
    const api = `${this.setup.urls.artifactapi}/api/v2/remotes`;
    const remote = { name: REMOTE, package_type: 'generic', base_url: this.upstream.url, immutable_ttl: 20 };
    const local = { name: LOCAL, package_type: 'generic', repo_type: 'local' };
    await send([remote, local].map((body) => ({ method: 'POST', url: api, body })));
    const steps = [
      this.#whole,
      this.#whole,
      this.#range,
      this.#abandoned,
      this.#stampede,
      this.#upload,
      this.#brokenUpload,
      this.#readAgain,
    ];
    const lane = async (random: Random) => {
      while (Date.now() < until) {
        await random.pick(steps).call(this, random);
        await sleep(random.int(20, 500));
      }
    };
    await Promise.all([0, 1, 2, 3].map((index) => lane(this.random.of(String(index)))));
    for (const path of this.#kept) await this.#get(LOCAL, path, []);
    const removes = [LOCAL, REMOTE].map((name) => ({ method: 'DELETE', url: `${api}/${name}` }));
    const excuses = this.setup.replicas.map((replica) => replica.outages);
    await this.setup.ledger.persist({ client: 'HTTP', what: 'remove repositories', excuses }, () => send(removes));
  }

  async #whole(random: Random): Promise<void> {
    await this.#get(REMOTE, fileOf(random), [this.upstream.outages]);
  }

  async #stampede(random: Random): Promise<void> {
    const path = `files/fresh-${++this.#count}${random.chance(0.2) ? '-large' : ''}`;
    await Promise.all(Array.from({ length: 6 }, () => this.#get(REMOTE, path, [this.upstream.outages])));
  }

  async #range(random: Random): Promise<void> {
    const path = fileOf(random);
    const content = contentOf(`/${path}`);
    const [from, to] = [random.int(0, content.length - 1), random.int(0, content.length - 1)].sort((a, b) => a - b) as [number, number];
    await this.#take(`bytes ${from} to ${to} of ${path}`, [this.upstream.outages], async () => {
      const answer = await call(this.#url(REMOTE, path), { headers: { range: `bytes=${from}-${to}` } });
      if (answer.status !== 206) throw new Error(`${path} answers ${answer.status} to a range: ${answer.body.toString().slice(0, 300)}`);
      expectBytes(`bytes ${from} to ${to} of ${path}`, answer.body, content.subarray(from, to + 1));
    });
  }

  /** A client that gives up after the first bytes, or before them. */
  async #abandoned(random: Random): Promise<void> {
    const path = `files/abandoned-${++this.#count % 40}-large`;
    const wait = random.int(1, 60);
    await this.#take(`give up ${path}`, [this.upstream.outages], async () => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), wait);
      await fetch(this.#url(REMOTE, path), { signal: stop.signal })
        .then((response) => response.arrayBuffer())
        .catch(unlessAborted(stop));
    });
  }

  async #upload(random: Random): Promise<void> {
    const path = `files/up-${++this.#count}${random.chance(0.2) ? '-large' : ''}`;
    const failure = await this.#take(`upload ${path}`, [], async () => {
      const answer = await call(this.#uploadUrl(path), { method: 'PUT', body: new Uint8Array(contentOf(`/${path}`)) });
      if (answer.status !== 201) throw new Error(`the upload of ${path} answers ${answer.status} ${answer.body.toString().slice(0, 300)}`);
    });
    if (failure === undefined) this.#kept.add(path);
    const [oldest] = this.#kept;
    if (oldest === undefined || this.#kept.size <= KEPT) return;
    // Whether or not that succeeds, it is not known to be there any more.
    this.#kept.delete(oldest);
    await this.#take(`delete ${oldest}`, [], async () => {
      const { status } = await call(this.#uploadUrl(oldest), { method: 'DELETE' });
      if (status >= 400 && status !== 404) throw new Error(`the delete of ${oldest} answers ${status}`);
    });
  }

  /** An upload that breaks off; nothing of it may be served. */
  async #brokenUpload(): Promise<void> {
    const path = `files/broken-${++this.#count}`;
    const url = this.#url(LOCAL, path);
    await this.#take(`break off the upload of ${path}`, [], async () => {
      const half = async function* () {
        yield contentOf(`/${path}`);
        await sleep(30);
        throw new Error('given up');
      };
      const body = half() as unknown as RequestInit['body'];
      await fetch(this.#uploadUrl(path), { method: 'PUT', body, duplex: 'half' } as RequestInit)
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
      const { status } = await call(url);
      if (status === 200) throw new WrongResult(`${url} is served, though its upload broke off`);
      if (status !== 404) throw new Error(`${url} answers ${status}`);
    });
  }

  async #readAgain(random: Random): Promise<void> {
    if (this.#kept.size > 0) await this.#get(LOCAL, random.pick([...this.#kept]), []);
  }

  async #get(repository: string, path: string, excuses: readonly Outages[]): Promise<void> {
    await this.#take(`get ${path} of ${repository}`, excuses, async () => {
      const answer = await call(this.#url(repository, path));
      // Another lane may have deleted it meanwhile.
      if (answer.status === 404 && repository === LOCAL && !this.#kept.has(path)) return;
      if (answer.status !== 200) throw new Error(`${path} answers ${answer.status} ${answer.body.toString().slice(0, 300)}`);
      expectBytes(`${path} of ${repository}`, answer.body, contentOf(`/${path}`));
    });
  }

  #url(repository: string, path: string): string {
    return `${this.setup.urls.artifactapi}/api/v1/${repository === LOCAL ? 'local' : 'remote'}/${repository}/${path}`;
  }

  /** Where files are uploaded to and deleted. */
  #uploadUrl(path: string): string {
    return `${this.setup.urls.artifactapi}/api/v2/remotes/${LOCAL}/files/${path}`;
  }

  #take(what: string, excuses: readonly Outages[], step: () => Promise<void>) {
    const all = [...excuses, ...this.setup.replicas.map((replica) => replica.outages)];
    return this.setup.ledger.take({ client: 'HTTP', what, excuses: all }, step);
  }
}

const fileOf = (random: Random): string => `files/${random.int(1, FILES)}${random.chance(0.1) ? '-large' : ''}`;

/** Lets a failure pass that the client itself is the reason of. */
function unlessAborted(stop: AbortController): (cause: unknown) => undefined {
  return (cause) => {
    if (stop.signal.aborted) return undefined;
    throw cause;
  };
}
