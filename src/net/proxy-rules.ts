import { isUrl } from '../common/urls';
import { BlockList, isIP } from 'node:net';

/** The environment, for the proxy variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Whether the environment names a proxy at all. */
export function namesProxy(env: Environment): boolean {
  return proxyText(env, 'http:') !== '' || proxyText(env, 'https:') !== '';
}

/** The proxy that the environment names for a URL, as other programs read it; undefined where the connection is direct. */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const text = proxyText(env, url.protocol) || (url.protocol === 'https:' ? proxyText(env, 'http:') : '');
  if (text === '' || isExempt(url, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined;
  const whole = text.includes('://') ? text : `http://${text}`;
  // The text is not shown: it may hold a password.
  if (!isUrl(whole) || !/^https?:/.test(whole)) throw new Error('the proxy in the environment is not an http or https URL');
  return new URL(whole);
}

function proxyText(env: Environment, protocol: string): string {
  const name = protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  return env[name] || env[name.toUpperCase()] || '';
}

/** A name exempts itself and its subdomains, a network its addresses, `*` everything; a port restricts an entry. */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return isWithin(host, entry);
      const [, name = '', only = port] = /^(?:\*?\.)?\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? [];
      const bare = isIP(entry) ? entry : name;
      return (isIP(entry) || only === port) && (host === bare || host.endsWith(`.${bare}`));
    });
}

function isWithin(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const [family, own] = [isIP(address), isIP(host)];
  if (family === 0 || family !== own || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  return list.check(host, own === 6 ? 'ipv6' : 'ipv4');
}
