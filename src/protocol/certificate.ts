import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate and the key it stands for. */
export interface Certificate {
  readonly key: string;
  readonly pem: string;
  readonly der: Buffer;
}

const DAY = 86_400_000;
const ECDSA_SHA256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
const COMMON_NAME = [0x55, 4, 3];
const ALT_NAME = [0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const TRUE = tlv(1, Buffer.from([255]));

/** Makes a self-signed P-256 certificate for `localhost` that is valid for a day; X.509 in DER, written by hand. */
export function createCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const host = Buffer.from('localhost');
  const name = sequence(tlv(0x31, sequence(objectId(...COMMON_NAME), tlv(0x0c, host))));
  const validity = sequence(time(Date.now() - 30_000), time(Date.now() + DAY));
  const extensions = sequence(
    sequence(objectId(...ALT_NAME), tlv(4, sequence(tlv(0x82, host)))),
    sequence(objectId(...BASIC_CONSTRAINTS), TRUE, tlv(4, sequence(TRUE))),
  );
  const version3 = tlv(0xa0, tlv(2, Buffer.from([2])));
  const serial = tlv(2, Buffer.from([1]), randomBytes(15));
  const publicInfo = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(version3, serial, ECDSA_SHA256, name, validity, name, publicInfo, tlv(0xa3, extensions));
  const der = sequence(body, ECDSA_SHA256, tlv(3, Buffer.from([0]), sign('sha256', body, privateKey)));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), pem: toPem(der), der };
}

/** Writes a certificate as text. */
export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const header = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(header), body]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function objectId(...bytes: number[]): Buffer {
  return tlv(6, Buffer.from(bytes));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${digits}Z`));
}
