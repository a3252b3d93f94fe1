import { isUrl } from '../../../../common/urls';
import { GoError } from '../go/json-parse';
import { parseUrl } from '../go/url';
import { type Credential } from './load';
import { type Fetched, type Fetcher, type FetchOptions } from './fetch';
import { type ChartVersion, EMPTY_INDEX, type IndexFile } from './index-file';

type OciLogin = Credential & { readonly tls: NonNullable<FetchOptions['tls']> };

/** For each request. */
const TIMEOUT = 5000;
const MAX_PAGES = 1000;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

/** Makes an index of what an OCI registry has right below a path: its catalogue is read, and of each tag the chart's metadata. */
export async function loadOci(fetcher: Fetcher, url: string, login: OciLogin): Promise<IndexFile> {
  const { host, path } = parseUrl(url);
  const registry = new OciRegistry(fetcher, host, login);
  await registry.find();
  const prefix = path.replace(/^\/|\/$/g, '');
  const names = (await registry.pages('/v2/_catalog', 'repositories')).filter((name) => isRightBelow(prefix, name));
  const entries = new Map<string, ChartVersion[]>();
  for (const name of names) {
    for (const tag of await registry.pages(`/v2/${name}/tags/list`, 'tags').catch(() => [])) {
      const chart = await registry.chart(name, tag).catch(() => undefined);
      if (chart) entries.set(chart.name, [...(entries.get(chart.name) ?? []), chart]);
    }
  }
  return entries.size === 0 ? EMPTY_INDEX : { apiVersion: 'v1', entries };
}

function isRightBelow(prefix: string, name: string): boolean {
  if (prefix !== '' && !name.startsWith(`${prefix}/`)) return false;
  const rest = prefix === '' ? name : name.slice(prefix.length + 1);
  return rest !== '' && !rest.includes('/');
}

class OciRegistry {
  #root = '';
  #authorization: string | undefined;

  constructor(
    private readonly fetcher: Fetcher,
    private readonly host: string,
    private readonly login: OciLogin,
  ) {}

  /** Finds out whether the registry speaks https or http. */
  async find(): Promise<void> {
    let problem: unknown;
    for (const scheme of ['https', 'http']) {
      this.#root = `${scheme}://${this.host}`;
      try {
        const answer = await this.#get('/v2/');
        if (answer.status === 200) return;
        problem = new GoError(answer.status === 404 ? 'not found' : refusal(answer, `${this.#root}/v2/`));
      } catch (cause) {
        problem = cause;
      }
    }
    throw problem;
  }

  /** All pages of a list. */
  async pages(first: string, field: string): Promise<string[]> {
    const found: string[] = [];
    let path: string | undefined = first;
    for (let page = 0; path !== undefined && page < MAX_PAGES; page++) {
      const answer: Fetched = await this.#get(path);
      if (answer.status !== 200) throw new GoError(refusal(answer, this.#root + path));
      const list = (json(answer.body) as Record<string, unknown> | null)?.[field];
      found.push(...(Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : []));
      const [, next] = /<([^>]+)>;\s*rel="?next"?/.exec(String(answer.headers.link ?? '')) ?? [];
      path = next === undefined ? undefined : this.#pathOf(next, this.#root + path);
    }
    return found;
  }

  /** The path of the next page, which is at the same server. */
  #pathOf(next: string, page: string): string | undefined {
    if (!isUrl(next, page)) return undefined;
    const { origin, pathname, search } = new URL(next, page);
    return origin === new URL(this.#root).origin ? pathname + search : undefined;
  }

  /** The chart of a tag; what is tagged and no chart is an error. */
  async chart(name: string, tag: string): Promise<ChartVersion> {
    const manifest = json((await this.#get(`/v2/${name}/manifests/${tag}`, MANIFEST)).body) as Manifest;
    const layer = manifest.layers?.find(({ mediaType = '' }) => mediaType.includes('helm.chart.content'));
    const config = json((await this.#get(`/v2/${name}/blobs/${manifest.config?.digest ?? ''}`)).body) as Partial<ChartVersion>;
    if (!layer?.digest || typeof config.name !== 'string' || typeof config.version !== 'string') throw new GoError('not a chart');
    const text = (value: unknown): string => (typeof value === 'string' ? value : '');
    return {
      name: config.name,
      version: config.version,
      appVersion: text(config.appVersion),
      description: text(config.description),
      home: text(config.home),
      icon: text(config.icon),
      digest: layer.digest.replace(/^sha256:/, ''),
      created: new Date().toISOString(),
      urls: [`oci://${this.host}/${name}:${tag}`],
      maintainers: [],
    };
  }

  async #get(path: string, accept = '*/*'): Promise<Fetched> {
    const options = { tls: this.login.tls, timeoutMs: TIMEOUT, headers: { accept, 'user-agent': 'kubesphere.io' } };
    const answer = await this.fetcher.get(this.#root + path, { ...options, authorization: this.#authorization });
    if (answer.status !== 401) return answer;
    const { username = '', password = '' } = this.login;
    const isBasic = /^basic\b/i.test(answer.headers['www-authenticate'] ?? '');
    if (!isBasic || (username === '' && password === '') || this.#authorization !== undefined) return answer;
    this.#authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return this.fetcher.get(this.#root + path, { ...options, authorization: this.#authorization });
  }
}

interface Manifest {
  readonly config?: { readonly digest?: string };
  readonly layers?: readonly { readonly mediaType?: string; readonly digest?: string }[];
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new GoError('failed to decode response');
  }
}

function refusal({ statusLine }: Fetched, url: string): string {
  return `GET ${JSON.stringify(url)}: unexpected status code ${statusLine.replace(/ /, ': ')}`;
}
