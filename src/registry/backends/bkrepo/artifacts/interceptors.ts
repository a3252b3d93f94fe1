import { BlockList, isIPv6 } from 'node:net';
import { type FastifyRequest } from 'fastify';
import * as z from 'zod';
import { type Repository } from '../model';
import { type Principal } from '../principal';
import { BkProblem, problem } from '../problem';
import { toMap } from './metadata';
import { type Node } from './node';

/** A download that the settings of a repository may forbid. */
export interface Download {
  readonly request: FastifyRequest;
  readonly principal: Principal;
  readonly node: Pick<Node, 'name' | 'full_path' | 'metadata'>;
}

type Rules = Readonly<Record<string, unknown>>;
/** Says whether a download fits the rules, or undefined when they do not concern it. */
type Interceptor = (rules: Rules, download: Download) => boolean | undefined;

const interceptorSchema = z.object({ type: z.string(), rules: z.record(z.string(), z.unknown()).catch({}).default({}) });
const FORBIDDEN = { metadata: 'forbidStatus:true', allowed: false };
const MOBILE_AGENTS = ['BKCI_APP', 'BK_CI APP', 'com.apple.appstored'];

const fileName: Interceptor = ({ filename }, { node }) =>
  typeof filename === 'string' ? globToRegExp(filename).test(node.name) : undefined;

const metadata: Interceptor = ({ metadata: rule }, { node }) => {
  const parts = typeof rule === 'string' ? rule.split(':').map((part) => part.trim()) : [];
  const [key, value] = parts;
  return key === undefined || value === undefined ? undefined : String(toMap(node.metadata)[key]) === value;
};

/** The two that look at where a download comes from check the name and the metadata, each by itself. */
const named: readonly Interceptor[] = [fileName, metadata];

const ipSegment: Interceptor = ({ ipSegment: segments, whitelistUser }, { request, principal }) => {
  if (Array.isArray(whitelistUser) && whitelistUser.includes(principal.userId)) return true;
  const networks = new BlockList();
  for (const segment of Array.isArray(segments) ? segments : []) {
    const [address = '', bits = ''] = String(segment).split('/');
    try {
      networks.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
    } catch {
      return undefined;
    }
  }
  const client = clientAddress(request);
  return networks.check(client, isIPv6(client) ? 'ipv6' : 'ipv4');
};

/** Throws 403/251026 when the settings of a repository or the metadata of a file forbid its download. */
export function intercept(repository: Repository, download: Download): void {
  const list = repository.configuration.settings['interceptors'];
  for (const each of Array.isArray(list) ? list : []) {
    const parsed = interceptorSchema.safeParse(each);
    if (!parsed.success) continue;
    for (const interceptor of interceptorsOf(parsed.data.type, download.request)) check(interceptor, parsed.data.rules, download);
  }
  check(metadata, FORBIDDEN, download);
}

/** Why the settings of a repository forbid a download; undefined if they do not. */
export function forbidden(repository: Repository, download: Download): string | undefined {
  try {
    intercept(repository, download);
    return undefined;
  } catch (cause) {
    if (cause instanceof BkProblem) return cause.message;
    throw cause;
  }
}

/** The address of the client, IPv4 in its short form. */
export function clientAddress(request: FastifyRequest): string {
  return request.ip.replace(/^::ffff:/, '');
}

function interceptorsOf(type: string, request: FastifyRequest): readonly Interceptor[] {
  const agent = request.headers['user-agent'] ?? '';
  const isMobile = MOBILE_AGENTS.some((name) => agent.includes(name));
  if (type === 'FILENAME') return [fileName];
  if (type === 'METADATA') return [metadata];
  if (type === 'IP_SEGMENT') return [ipSegment];
  if ((type === 'WEB' && !isMobile) || (type === 'MOBILE' && isMobile)) return named;
  return [];
}

function check(interceptor: Interceptor, rules: Rules, download: Download): void {
  const fits = interceptor(rules, download);
  if (fits === undefined) return;
  const allowed = rules['allowed'] !== false;
  if (allowed !== fits) throw problem('ARTIFACT_FORBIDDEN', `Download of [${download.node.full_path}] is forbidden`);
}

/** A pattern with `*` and `?` as a regular expression. */
function globToRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
