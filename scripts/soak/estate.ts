import { type Ecosystem, type Kind, KINDS, type Place } from './ecosystems/ecosystem';
import { type Random } from './random';
import { type Setup } from './setup';
import { ADMIN, type Resource } from './terraform';

/** A request to an API. */
interface Request {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

/** A remote, a local and a virtual of both, in some API. */
export interface Estate {
  readonly resources: readonly Resource[];
  readonly places: Readonly<Record<Kind, Place>>;
  /** What makes it without Terraform, in this order. */
  readonly creates: readonly Request[];
  /** What removes it without Terraform. */
  readonly removes: readonly Request[];
  /** Whom the API wants. */
  readonly login?: Place['login'];
}

/** The project of BK-Repo that all estates share: projects cannot be deleted. */
export const PROJECT = 'soak';

/** An estate for an ecosystem whose upstream has a URL. */
export type EstateOf = (given: { setup: Setup; ecosystem: Ecosystem; id: string; upstream: string; random: Random }) => Estate;

/** One of ArtifactAPI; random settings decide how long what is cached holds. */
export const ofArtifactApi: EstateOf = ({ setup, ecosystem, id, upstream, random }) => {
  const { packageType } = ecosystem;
  const root = setup.urls.artifactapi;
  const name = (kind: Kind) => `${packageType}-${kind}-${id}`;
  const times = { mutable_ttl: random.pick([0, 1, 5, 60]), immutable_ttl: random.pick([0, 0, 3]) };
  const remote = { name: name('remote'), base_url: upstream, description: random.words(), ...times };
  const local = { name: name('local'), description: random.words() };
  const virtual = { name: name('virtual'), package_type: packageType, members: [local.name, remote.name], description: random.words() };
  const references = [`\${artifactapi_local_${packageType}.it.name}`, `\${artifactapi_remote_${packageType}.it.name}`];
  const place = (kind: Kind): Place => ({
    kind,
    name: name(kind),
    url: packageType === 'docker' ? `${root}/v2/${name(kind)}` : `${root}/api/v1/${kind}/${name(kind)}`,
    uploadUrl: `${root}/api/v2/remotes/${name(kind)}/files`,
  });
  const post = (list: string, body: unknown): Request => ({ method: 'POST', url: `${root}/api/v2/${list}`, body });
  const remove = (list: string, kind: Kind): Request => ({ method: 'DELETE', url: `${root}/api/v2/${list}/${name(kind)}` });
  return {
    resources: [
      { type: `artifactapi_remote_${packageType}`, label: 'it', config: escaped(remote) },
      { type: `artifactapi_local_${packageType}`, label: 'it', config: { ...escaped(local), force_destroy: true } },
      { type: 'artifactapi_virtual', label: 'it', config: { ...escaped(virtual), members: references } },
    ],
    places: placesOf(place),
    creates: [
      post('remotes', { ...remote, package_type: packageType }),
      post('remotes', { ...local, package_type: packageType, repo_type: 'local' }),
      post('virtuals', virtual),
    ],
    removes: [remove('virtuals', 'virtual'), remove('remotes', 'local'), remove('remotes', 'remote')],
  };
};

/** One of BK-Repo. */
export const ofBkRepo: EstateOf = ({ setup, ecosystem, id, upstream, random }) => {
  const type = ecosystem.packageType.toUpperCase();
  const root = setup.urls.bkrepo;
  const name = (kind: Kind) => `${ecosystem.packageType}-${kind}-${id}`;
  const members = (['local', 'remote'] as const).map((kind) => ({ projectId: PROJECT, name: name(kind) }));
  const place = (kind: Kind): Place => {
    const url = `${root}/${ecosystem.packageType}/${PROJECT}/${name(kind)}`;
    return { kind, name: name(kind), url, uploadUrl: url, login: ADMIN };
  };
  const api = `${root}/repository/api/repo`;
  const create = (kind: Kind, configuration?: object): Request => ({
    method: 'POST',
    url: `${api}/create`,
    body: { projectId: PROJECT, name: name(kind), type, category: kind.toUpperCase(), public: false, configuration },
  });
  const resource = (kind: Kind, config: object): Resource => ({
    type: `bkrepo_${kind}_repository`,
    label: 'it',
    config: { project: PROJECT, name: name(kind), type, description: escaped({ text: random.words() })['text'], ...config },
  });
  const reference = (kind: Kind) => ({ project: PROJECT, name: `\${bkrepo_${kind}_repository.it.name}` });
  return {
    resources: [
      resource('remote', { upstream_url: upstream, cache_expiration: random.pick([0, 1, 60]) }),
      resource('local', { force_destroy: true }),
      resource('virtual', { members: [reference('local'), reference('remote')] }),
    ],
    places: placesOf(place),
    creates: [
      create('remote', { type: 'remote', url: upstream, cache: { enabled: true, expiration: 1 } }),
      create('local'),
      create('virtual', { type: 'virtual', repositoryList: members }),
    ],
    login: ADMIN,
    removes: [...KINDS].reverse().map((kind) => ({ method: 'DELETE', url: `${api}/delete/${PROJECT}/${name(kind)}?forced=true` })),
  };
};

/** Sends requests; of those that remove, what is not there is removed. */
export async function send(requests: readonly Request[], login?: Place['login']): Promise<void> {
  for (const { method, url, body } of requests) {
    const answer = await call(url, { method, login, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (answer.ok || (method === 'DELETE' && answer.status === 404)) continue;
    throw new Error(`${method} ${url} answers ${answer.status} ${answer.body.toString().slice(0, 500)}`);
  }
}

/** Sends one request; a server that does not answer within a minute has lost it. */
export async function call(url: string, { login, headers, ...init }: RequestInit & { login?: Place['login'] } = {}) {
  const authorization = login && { authorization: `Basic ${btoa(`${login.user}:${login.password}`)}` };
  const all = { 'content-type': 'application/json', ...authorization, ...(headers as Record<string, string>) };
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000), ...init, headers: all });
  const { status, ok } = response;
  return { status, ok, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

const placesOf = (place: (kind: Kind) => Place): Record<Kind, Place> => ({
  remote: place('remote'),
  local: place('local'),
  virtual: place('virtual'),
});

/** Texts as Terraform reads them: `${` begins an expression. */
export function escaped<T extends object>(config: T): Record<string, unknown> {
  const text = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('${', () => '$${') : value);
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, text(value)]));
}
