import { lookup as lookupName } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Addresses that are not reached over the internet: of this machine, of its link, of private networks, of many at once, or of none; see the
 * special-purpose registries of IANA (RFC 6890).
 */
const NOT_PUBLIC = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/96', '64:ff9b:1::/48', '100::/64', '2001::/32', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];
const notPublic = new BlockList();
for (const network of NOT_PUBLIC) {
  const [address = '', bits = ''] = network.split('/');
  notPublic.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an address is one of the internet; a text that is no address is not. */
export function isPublic(address: string): boolean {
  const bare = address.replace(/^\[|\]$|%.*$/g, '').toLowerCase();
  const family = isIP(bare);
  if (family === 0 || notPublic.check(bare, family === 6 ? 'ipv6' : 'ipv4')) return false;
  const within = family === 6 ? innerOf(bare) : undefined;
  return within === undefined || !notPublic.check(within, 'ipv4');
}

/** The address of IPv4 that one of IPv6 leads to, by NAT64 or 6to4. The checks of `BlockList` know the mapped ones. */
function innerOf(address: string): string | undefined {
  const [before = '', after] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const [head, tail] = [before, after ?? ''].map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(after === undefined ? 0 : 8 - (head?.length ?? 0) - (tail?.length ?? 0)).fill('0');
  const groups = [...(head ?? []), ...zeros, ...(tail ?? [])].map((group) => parseInt(group, 16));
  if (groups.slice(0, 6).join() === '100,65435,0,0,0,0') return dotted(groups[6], groups[7]);
  return groups[0] === 0x2002 ? dotted(groups[1], groups[2]) : undefined;
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** A server has told an address that leads into a network that is not public. */
export class NotPublic extends Error {
  constructor(host: string) {
    super(
      `leads to ${JSON.stringify(host)}, whose address is private; if that is right, name the host with --internal-hosts (REPOFORM_INTERNAL_HOSTS)`,
    );
  }
}

/** Finds the addresses of a name. */
export type Resolve = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

const resolveName: Resolve = (name) =>
  new Promise((resolve, reject) => {
    lookupName(name, { all: true }, (failure, addresses) => (failure ? reject(failure) : resolve(addresses)));
  });

/** How far servers may lead. */
export interface ReachOptions {
  /** Hosts that any server may lead to: names, `*.` before a domain for all within, and addresses. @default - none */
  readonly internalHosts?: readonly string[] | undefined;
  /** Lets servers lead anywhere, as a real server does. @default false */
  readonly isFree?: boolean;
  /** @default - as the machine does */
  readonly resolve?: Resolve;
}

/**
 * Decides where a server may lead that is asked for something: by a redirect, as the place of its tokens, or in an index. What it says is not
 * configuration, so one of the internet leads to others of the internet only; else whoever controls it would read what this machine alone can
 * reach. One of a private network leads anywhere.
 */
export class Reach {
  /** Hosts that have answered at a public address: they count as public also if their name has another address later. */
  readonly #public = new Set<string>();
  readonly #resolve: Resolve;

  constructor(private readonly options: ReachOptions = {}) {
    this.#resolve = options.resolve ?? resolveName;
  }

  /** For the connections to what was told: finds the addresses of a name, of which only the public ones are used. */
  readonly lookup: LookupFunction = (name, { all, family = 0 }, done) => {
    this.#resolve(name)
      .then((found) => {
        const wanted = found.filter((each) => family === 0 || String(family).endsWith(String(each.family)));
        const allowed = wanted.filter(({ address }) => isPublic(address));
        const [first] = allowed;
        if (!first) throw wanted.length > 0 ? new NotPublic(name) : new Error(`${name} has no address`);
        return { allowed, first };
      })
      .then(
        ({ allowed, first }) => (all ? done(null, [...allowed]) : done(null, first.address, first.family)),
        (cause: unknown) => done(cause as NodeJS.ErrnoException, '', 0),
      );
  };

  /** Notes at which address a server has answered. */
  saw({ hostname }: URL, address: string | undefined): void {
    if (address !== undefined && isPublic(address)) this.#public.add(hostname);
  }

  /**
   * Whether a server may lead to an address whatever that is; if not, connections to it need `lookup`. Throws `NotPublic` for an address that
   * needs no looking up.
   */
  async isFree(home: URL, told: URL): Promise<boolean> {
    const { internalHosts = [], isFree = false } = this.options;
    if (isFree || internalHosts.some((host) => isWithin(told.hostname, host))) return true;
    if (await this.#isPrivate(home.hostname)) return true;
    const host = told.hostname.replace(/^\[|\]$|\.$/g, '');
    const isLocal = host === 'localhost' || host.endsWith('.localhost') || (isIP(host) !== 0 && !isPublic(host));
    if (isLocal) throw new NotPublic(told.host);
    return false;
  }

  /** Whether a host is in a private network with all its addresses. */
  async #isPrivate(hostname: string): Promise<boolean> {
    const host = hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) return !isPublic(host);
    if (this.#public.has(hostname)) return false;
    const found = await this.#resolve(host).catch(() => []);
    return found.length > 0 && found.every(({ address }) => !isPublic(address));
  }
}

function isWithin(hostname: string, named: string): boolean {
  const [host, name] = [hostname, named].map((each) => each.toLowerCase().replace(/^\[|\]$|\.$/g, ''));
  return host === name || (name?.startsWith('*.') === true && host?.endsWith(name.slice(1)) === true);
}
