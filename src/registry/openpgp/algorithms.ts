import { createPrivateKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { type Fields, mpi } from './packets';

/** A kind of key that signs, as OpenPGP writes it. */
export interface Algorithm {
  /** Reads the public values of a key. */
  readPublic(fields: Fields): Buffer[];
  /** How many secret integers a key has. */
  readonly secrets: number;
  /** The private key of these public and secret values. */
  privateKey(open: readonly Buffer[], secret: readonly Buffer[]): KeyObject;
  /** The signature of content whose SHA-512 is this digest, as integers. */
  sign(key: KeyObject, content: Buffer, digest: Buffer): Buffer;
}

const rsa: Algorithm = {
  readPublic: (fields) => [fields.mpi(), fields.mpi()],
  secrets: 4,
  privateKey([n, e] = [], [d, p, q, u] = []) {
    const remainder = (prime: Buffer | undefined): Buffer => bytesOf(numberOf(d) % (numberOf(prime) - 1n));
    // OpenPGP has the inverse of the first prime by the second; elsewhere it is that of the second by the first.
    return fromJwk({
      kty: 'RSA',
      n: text(n),
      e: text(e),
      d: text(d),
      p: text(q),
      q: text(p),
      dp: text(remainder(q)),
      dq: text(remainder(p)),
      qi: text(u),
    });
  },
  sign: (key, content) => mpi(sign('sha512', content, key)),
};

const OIDS: Readonly<Record<string, { readonly crv: string; readonly size: number }>> = {
  '2a8648ce3d030107': { crv: 'P-256', size: 32 },
  '2b81040022': { crv: 'P-384', size: 48 },
  '2b81040023': { crv: 'P-521', size: 66 },
};

const ecdsa: Algorithm = {
  readPublic: readPoint,
  secrets: 1,
  privateKey([oid, point] = [], [d] = []) {
    const curve = OIDS[oid?.toString('hex') ?? ''];
    if (!curve || point?.length !== 2 * curve.size + 1) throw new Error('its curve is not supported; allowed are P-256, P-384 and P-521');
    const { crv, size } = curve;
    const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
    return fromJwk({ kty: 'EC', crv, x: text(x), y: text(y), d: text(padded(d, size)) });
  },
  sign(key, content) {
    const signature = sign('sha512', content, { key, dsaEncoding: 'ieee-p1363' });
    return halves(signature);
  },
};

const ED25519 = '2b06010401da470f01';

const eddsa: Algorithm = {
  readPublic: readPoint,
  secrets: 1,
  privateKey([oid, point] = [], [d] = []) {
    if (oid?.toString('hex') !== ED25519 || point?.length !== 33) throw new Error('its curve is not supported; allowed is Ed25519');
    return fromJwk({ kty: 'OKP', crv: 'Ed25519', x: text(point.subarray(1)), d: text(padded(d, 32)) });
  },
  // What is signed is the digest, as if it were the content.
  sign: (key, _content, digest) => halves(sign(null, digest, key)),
};

/** The kinds of keys by their numbers in OpenPGP. */
export const ALGORITHMS: Readonly<Record<number, Algorithm>> = { 1: rsa, 3: rsa, 19: ecdsa, 22: eddsa };

/** Their names, for messages. */
export const SUPPORTED = 'RSA, ECDSA (P-256, P-384, P-521) and EdDSA (Ed25519)';

function readPoint(fields: Fields): Buffer[] {
  return [fields.bytes(fields.number(1)), fields.mpi()];
}

function halves(signature: Buffer): Buffer {
  const half = signature.length / 2;
  return Buffer.concat([mpi(signature.subarray(0, half)), mpi(signature.subarray(half))]);
}

function fromJwk(key: JsonWebKey): KeyObject {
  return createPrivateKey({ key, format: 'jwk' });
}

function text(value: Buffer | undefined): string {
  return value?.toString('base64url') ?? '';
}

function padded(value: Buffer = Buffer.alloc(0), size: number): Buffer {
  return Buffer.concat([Buffer.alloc(Math.max(0, size - value.length)), value]);
}

function numberOf(value: Buffer | undefined): bigint {
  return BigInt(`0x0${value?.toString('hex') ?? ''}`);
}

function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}
