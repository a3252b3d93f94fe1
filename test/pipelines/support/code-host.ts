import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { StateServer } from '../../support/state-server';

/** A comment on a merge request, under the name that the host has for its author. */
export interface Comment {
  readonly id: number;
  readonly author: string;
  body: string;
}

/** As much of GitHub and GitLab as comments need, as their API references describe it, and a few files to download. */
export interface CodeHost {
  readonly url: string;
  readonly comments: Comment[];
  /** The requests that were made, e.g. `PATCH /repos/acme/registries/issues/comments/3`. */
  readonly requests: string[];
  /** Files, by path. */
  readonly files: Map<string, Buffer>;
  close(): void;
}

/** The tokens that may comment. */
export const GITHUB_TOKEN = 'ghs_token-of-the-job';
export const GITLAB_TOKEN = 'glpat-token-for-comments';

/** Comments that a page has: few, so that ours is not on the first one. */
const PAGE = 2;

/** Starts one; like GitLab, it keeps states for projects. */
export async function startCodeHost(states: StateServer): Promise<CodeHost> {
  const server = createServer(async (request, response) => {
    const { method = '', headers } = request;
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://host');
    if (pathname.startsWith('/api/v4/projects/11/terraform/state/')) return void states.handle(request, response);
    const body = await text(request);
    self.requests.push(`${method} ${pathname}`);
    const answer = (status: number, json: unknown, more: Record<string, string> = {}) =>
      void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...more }).end(JSON.stringify(json));
    const file = self.files.get(pathname);
    if (file) return void response.end(file);
    const api = apis.find(({ list, one }) => list.test(pathname) || one.test(pathname));
    if (!api) return answer(404, { message: 'Not Found' });
    if (!api.allows(headers)) return answer(401, { message: '401 Unauthorized' });
    const content = (): string => api.bodyOf(body, String(headers['content-type']));
    const [, id] = api.one.exec(pathname) ?? [];
    const found = self.comments.find((comment) => String(comment.id) === id);
    if (method === 'GET' && id === undefined) {
      const page = Number(searchParams.get('page') ?? 1);
      const size = api.pages ? PAGE : Number(searchParams.get('per_page') ?? 20);
      const next = page * size < self.comments.length ? `<http://${headers.host}${pathname}?page=${page + 1}>; rel="next"` : '';
      return answer(200, self.comments.slice((page - 1) * size, page * size).map(api.shown), next === '' ? {} : { link: next });
    }
    if (method === 'POST' && id === undefined) {
      self.comments.push({ id: self.comments.length + 1, author: api.author, body: content() });
      return answer(201, api.shown(self.comments.at(-1) as Comment));
    }
    if (method !== api.update || !found) return answer(404, { message: 'Not Found' });
    if (found.author !== api.author) return answer(403, { message: 'Forbidden' });
    found.body = content();
    return answer(200, api.shown(found));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const self: CodeHost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments: [],
    requests: [],
    files: new Map(),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return self;
}

/** https://docs.github.com/rest/issues/comments and https://docs.gitlab.com/api/notes/#merge-requests */
const apis = [
  {
    list: /^\/repos\/acme\/registries\/issues\/7\/comments$/,
    one: /^\/repos\/acme\/registries\/issues\/comments\/(\d+)$/,
    update: 'PATCH',
    author: 'github-actions[bot]',
    pages: true,
    allows: ({ authorization }: NodeJS.Dict<string | string[]>) => authorization === `token ${GITHUB_TOKEN}`,
    bodyOf: (body: string) => (JSON.parse(body) as { body: string }).body,
    shown: ({ id, author, body }: Comment): object => ({
      id,
      body,
      user: { login: author, type: author.endsWith('[bot]') ? 'Bot' : 'User' },
    }),
  },
  {
    list: /^\/api\/v4\/projects\/11\/merge_requests\/7\/notes$/,
    one: /^\/api\/v4\/projects\/11\/merge_requests\/7\/notes\/(\d+)$/,
    update: 'PUT',
    author: 'project_11_bot',
    pages: false,
    allows: (headers: NodeJS.Dict<string | string[]>) => headers['private-token'] === GITLAB_TOKEN,
    bodyOf: (body: string, type: string) => {
      if (type !== 'application/x-www-form-urlencoded') throw new Error(`a note as ${type}`);
      return new URLSearchParams(body).get('body') ?? '';
    },
    shown: ({ id, author, body }: Comment): object => ({ id, body, author: { username: author } }),
  },
];
