import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../client/tls-settings';
import { Connections } from '../net/connections';
import { proxyFor } from '../net/proxy-rules';
import type { Finding } from './finding';

/** A server, and how it is reached. */
export interface Target {
  readonly url: URL;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Those of the provider's configuration. */
  readonly tls: TlsSettings;
}

const DAY = 24 * 60 * 60 * 1000;
/** Certificates that expire sooner than this are worth a warning. */
const SOON = 21 * DAY;
/** Tokens and signatures begin to fail at about this difference. */
const SKEW = 60 * 1000;

/** Asks a server for its base URL, without credentials: whether it answers, who signed its certificate, and what time it has. */
export async function reach(target: Target, signal: AbortSignal): Promise<readonly Finding[]> {
  const { url, env } = target;
  const proxy = proxyFor(url, env);
  const via = proxy ? ` through the proxy ${proxy.host}` : '';
  const start = Date.now();
  try {
    const { response, certificate } = await ask(target, signal);
    const took = Date.now() - start;
    return [
      { check: 'connection', status: 'ok', message: `${url.origin} answered in ${took} ms${via} (HTTP ${response.statusCode})` },
      ...(certificate ? [certificate] : []),
      clock(response.headers.date, { start, end: start + took }),
    ];
  } catch (thrown) {
    const { message, fix } = reason(thrown as NodeJS.ErrnoException, url, proxy);
    return [{ check: 'connection', status: 'error', message: `${url.origin} cannot be reached${via}: ${message}`, fix }];
  }
}

interface Answer {
  readonly response: IncomingMessage;
  readonly certificate: Finding | undefined;
}

/** The certificate is looked at instead of refused; nothing secret is sent. */
function ask({ url, env, tls }: Target, signal: AbortSignal): Promise<Answer> {
  const connections = new Connections({ ...tls, rejectUnauthorized: false, env, connectTimeout: 10_000 });
  return new Promise<Answer>((resolve, reject) => {
    const request = connections.request(url, { method: 'GET', headers: { host: url.host, accept: '*/*' }, signal, fresh: true });
    request.on('error', reject);
    request.once('response', (response) => {
      const { socket } = response;
      const certificate = socket instanceof TLSSocket ? certificateOf(socket, tls) : undefined;
      response.on('error', () => undefined);
      response.destroy();
      resolve({ response, certificate });
    });
    request.end();
  }).finally(() => connections.close());
}

function certificateOf(socket: TLSSocket, { rejectUnauthorized }: TlsSettings): Finding {
  const { subject, issuer, valid_to: until } = socket.getPeerCertificate();
  const who = `the certificate of ${one(subject?.CN) ?? 'the server'}, issued by ${one(issuer?.CN) ?? one(issuer?.O) ?? 'an unnamed CA'}`;
  if (!socket.authorized) {
    const code = String(socket.authorizationError);
    const message = `${who}, is not trusted: ${MEANINGS[code]?.message ?? code}`;
    const fix = MEANINGS[code]?.fix ?? 'Set ca_cert of the provider to the CA that signed the certificate.';
    return { check: 'tls', status: rejectUnauthorized ? 'error' : 'warning', message, fix };
  }
  if (!rejectUnauthorized)
    return {
      check: 'tls',
      status: 'warning',
      message: `${who}, is valid, but insecure_skip_verify is true, so a forged one would be accepted too`,
      fix: 'Remove insecure_skip_verify.',
    };
  const left = Date.parse(until) - Date.now();
  if (left < SOON)
    return {
      check: 'tls',
      status: 'warning',
      message: `${who}, expires in ${Math.floor(left / DAY)} days (${until})`,
      fix: 'Renew the certificate of the server.',
    };
  return { check: 'tls', status: 'ok', message: `${who}, is valid until ${until} (${socket.getProtocol() ?? 'TLS'})` };
}

const one = (name: string | readonly string[] | undefined): string | undefined => (typeof name === 'string' ? name : name?.[0]);

const unknownCa = {
  message: 'its CA is not among those that this machine trusts, or the server does not send the intermediate certificates',
  fix: 'Set ca_cert of the provider (or NODE_EXTRA_CA_CERTS) to the CA, and make the server send the whole chain.',
};
const selfSigned = {
  message: 'it is signed by itself, not by a CA that this machine trusts',
  fix: 'Set ca_cert of the provider (or NODE_EXTRA_CA_CERTS) to this certificate or its CA.',
};

/** OpenSSL's and Node's codes for what is wrong with a chain. */
const MEANINGS: Readonly<Record<string, { readonly message: string; readonly fix: string }>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT: unknownCa,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownCa,
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  CERT_HAS_EXPIRED: {
    message: 'it has expired',
    fix: 'Renew the certificate of the server; if it is valid, correct the clock of this machine.',
  },
  CERT_NOT_YET_VALID: { message: 'it is not valid yet', fix: 'Correct the clock of this machine, or that of the server which issued it.' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: 'it is for another host name',
    fix: 'Use a host name that the certificate has in its subject alternative names, or have a certificate issued for this one.',
  },
};

function clock(date: string | undefined, { start, end }: { readonly start: number; readonly end: number }): Finding {
  const there = Date.parse(date ?? '');
  if (Number.isNaN(there))
    return { check: 'clock', status: 'skipped', message: 'the server does not say what time it has (no Date header)' };
  // The header has whole seconds, and the answer was on its way.
  const off = there + 1000 < start ? there - start : there > end ? there - end : 0;
  if (Math.abs(off) <= SKEW) return { check: 'clock', status: 'ok', message: 'the clocks of this machine and of the server agree' };
  const how = `${Math.round(Math.abs(off) / 1000)} s ${off > 0 ? 'behind' : 'ahead of'}`;
  return {
    check: 'clock',
    status: 'warning',
    message: `the clock of this machine is ${how} that of the server; tokens and certificates may be refused`,
    fix: 'Synchronize both with NTP.',
  };
}

function reason(thrown: NodeJS.ErrnoException, url: URL, proxy: URL | undefined): { readonly message: string; readonly fix: string } {
  const network = `Check the endpoint, the network and firewalls${proxy ? ', and whether the proxy may reach the server (NO_PROXY exempts a host)' : ''}.`;
  switch (thrown.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        message: `the name ${proxy ? proxy.hostname : url.hostname} cannot be resolved`,
        fix: 'Check the host name and the DNS of this machine.',
      };
    case 'ECONNREFUSED':
      return { message: 'nothing listens at that port (connection refused)', fix: `Start the server, or correct the port. ${network}` };
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'EPROTO':
      return {
        message: 'the server does not speak TLS at that port',
        fix: 'Use http:// if the server has no TLS, or the port on which it has.',
      };
    case 'ECONNRESET':
      return { message: 'the connection was closed', fix: `If the server speaks TLS at that port, use https://. ${network}` };
    case 'ABORT_ERR':
      return { message: 'no answer in time', fix: network };
    default:
      return { message: thrown.message, fix: network };
  }
}
