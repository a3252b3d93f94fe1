/** What Node says of a failed connection, in the words of Go's HTTP client. */
export function networkReason(thrown: unknown): string {
  const { code = '', name = '', message, hostname, address, port } = thrown as NodeJS.ErrnoException & Peer;
  if (name === 'TimeoutError' || name === 'AbortError') return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (known !== undefined) return known(`${address ?? ''}:${port ?? ''}`, hostname ?? '');
  if (/CERT|SELF_SIGNED|ISSUER|SIGNATURE/.test(code)) return `tls: failed to verify certificate: x509: ${certificateReason(code, message)}`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'http: server gave HTTP response to HTTPS client';
  if (code.startsWith('HPE_')) return 'net/http: HTTP/1.x transport connection broken: malformed HTTP response';
  return message === 'socket hang up' || message === 'closed without an answer' ? 'EOF' : message;
}

interface Peer {
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
}

const REASONS: Readonly<Record<string, (peer: string, host: string) => string>> = {
  ECONNREFUSED: (peer) => `dial tcp ${peer}: connect: connection refused`,
  EHOSTUNREACH: (peer) => `dial tcp ${peer}: connect: no route to host`,
  ENETUNREACH: (peer) => `dial tcp ${peer}: connect: network is unreachable`,
  ETIMEDOUT: (peer) => `dial tcp ${peer}: i/o timeout`,
  ENOTFOUND: (_peer, host) => `dial tcp: lookup ${host}: no such host`,
  EAI_AGAIN: (_peer, host) => `dial tcp: lookup ${host}: server misbehaving`,
  ECONNRESET: () => 'EOF',
};

function certificateReason(code: string, message: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'certificate has expired or is not yet valid';
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? message : 'certificate signed by unknown authority';
}
