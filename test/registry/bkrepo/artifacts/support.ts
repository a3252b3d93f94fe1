import { createHash } from 'node:crypto';
import { crc32, inflateRawSync } from 'node:zlib';
import { type RegistryOptions } from '../../../../src/registry/server';
import { type Answer, call, registry, passTime } from '../../helpers';

/** What an answer of BK-Repo says: its status, code and data. */
export interface Told {
  readonly status: number;
  readonly code: number;
  readonly data: unknown;
}

/** The body of a request and its headers. */
type Content<Body = unknown> = [body?: Body, headers?: Record<string, string>];

/** Sends requests to a server as somebody. */
export interface Client {
  readonly url: string;
  /** Sends a request; texts and bytes go as they are, everything else as JSON. */
  send(method: string, path: string, extra?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** Sends a request and reads the envelope of its answer. */
  tell(method: string, path: string, ...content: Content): Promise<Told>;
}

export const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');
export const md5 = (text: string) => createHash('md5').update(text).digest('hex');
export const basic = (user: string, secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

export function client(url: string, authorization?: string): Client {
  const send: Client['send'] = (method, path, { body, headers = {} } = {}) =>
    call(method, url + path, { body, headers: { ...(authorization !== undefined && { authorization }), ...headers } });
  return {
    url,
    send,
    tell: async (method, path, ...[body, headers = {}]) => {
      const answer = await send(method, path, { body, headers });
      const { code, data } = answer.json as Told;
      return { status: answer.status, code, data };
    },
  };
}

/** A server with the project `p` and its generic local repository `r`; the client speaks as the admin. */
export async function bkRepo(options: Partial<RegistryOptions> = {}): Promise<Client> {
  const { url } = await registry({ ...options, backends: ['bkrepo'], bkrepo: { port: 0 } });
  const admin = client(url, basic('admin', 'password'));
  expect(await admin.tell('POST', '/repository/api/project/create', { name: 'pp', displayName: 'pp', description: '' })).toMatchObject({
    code: 0,
  });
  await addRepository(admin, { name: 'rr' });
  return admin;
}

export async function addRepository(admin: Client, fields: Record<string, unknown>): Promise<void> {
  const body = { projectId: 'pp', type: 'GENERIC', category: 'LOCAL', ...fields };
  expect(await admin.tell('POST', '/repository/api/repo/create', body)).toMatchObject({ status: 200, code: 0 });
}

/** A user that may do some things in repositories of the project; the client speaks as the user. */
export async function addUser(admin: Client, userId: string, grant: { repos: string[]; actions: string[] }): Promise<Client> {
  expect(await admin.tell('POST', '/auth/api/user/create', { userId, name: userId, pwd: 'secret' })).toMatchObject({ code: 0 });
  if (grant.actions.length > 0) {
    // Files are let at by permissions on paths, which count where the access mode says so.
    for (const repoName of grant.repos) {
      const mode = { projectId: 'pp', repoName, accessControlMode: 'DIR_CTRL' };
      expect(await admin.tell('POST', '/auth/api/mode/repo/toggle', mode)).toMatchObject({ code: 0 });
    }
    const lists = { includePattern: ['/'], excludePattern: [], roles: [], departments: [] };
    const body = { resourceType: 'NODE', projectId: 'pp', permName: userId, users: [userId], createBy: 'admin', updatedBy: 'admin' };
    expect(await admin.tell('POST', '/auth/api/permission/create', { ...body, ...lists, ...grant })).toMatchObject({ code: 0 });
  }
  return client(admin.url, basic(userId, 'secret'));
}

/** Uploads a file and fails the test when that fails. */
export async function put(admin: Client, path: string, ...[body, headers = {}]: Content<string | Uint8Array>): Promise<void> {
  const answer = await admin.send('PUT', `/generic/pp/${path}`, { body, headers });
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
}

/** The paths of the nodes of a repository, by path. */
export async function paths(admin: Client, repo = 'rr', query = 'deep=true'): Promise<string[]> {
  const { data } = await admin.tell('GET', `/repository/api/node/page/pp/${repo}/?pageSize=1000&${query}`);
  return (data as { records: { fullPath: string }[] }).records.map(({ fullPath }) => fullPath);
}

/** Does something as if that much time had passed. */
export async function after<T>(milliseconds: number, step: () => Promise<T>): Promise<T> {
  const restore = passTime(() => milliseconds);
  try {
    return await step();
  } finally {
    restore();
  }
}

/** The files of an archive, found through its directory; sizes and checksums must be right. */
export function unzip(archive: Buffer): Record<string, string> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files: Record<string, string> = {};
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    expect(archive.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
    const [crc, packed, size, start] = [16, 20, 24, 42].map((offset) => archive.readUInt32LE(at + offset)) as [
      number,
      number,
      number,
      number,
    ];
    const nameLength = archive.readUInt16LE(at + 28);
    expect(archive.toString('latin1', start, start + 4)).toBe('PK\x03\x04');
    const content = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
    const body = inflateRawSync(archive.subarray(content, content + packed));
    expect([body.length, crc32(body)]).toEqual([size, crc]);
    files[archive.toString('utf8', at + 46, at + 46 + nameLength)] = body.toString('utf8');
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

/** Fields of a repository. */
export type Fields = Record<string, unknown>;

/** How long, in minutes, a repository keeps what it fetched; -1 is for ever. */
export const cached = (expiration = -1, enabled = true) => ({ cache: { enabled, expiration } });

/** A remote repository of npm packages, if no other type is given. */
export const remote = (url: string, fields: Fields = {}) => ({
  type: 'NPM',
  category: 'REMOTE',
  configuration: { type: 'remote', url, ...cached(), ...fields },
});

/** A virtual one, of repositories of the project `pp`. */
export const virtual = (...names: string[]) => ({
  type: 'NPM',
  category: 'VIRTUAL',
  configuration: { type: 'virtual', repositoryList: names.map((name) => ({ projectId: 'pp', name })) },
});

/** A composite one. */
export const composite = (channels: Fields[], fields: Fields = cached()) => ({
  type: 'NPM',
  category: 'COMPOSITE',
  configuration: { type: 'composite', proxy: { channelList: channels, ...fields } },
});
