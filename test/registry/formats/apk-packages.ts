import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tarball } from '../helpers';

/** A package by the lines of its `.PKGINFO`. */
export interface GivenApk {
  readonly name: string;
  /** @default "1.0-r0" */
  readonly version?: string;
  /** @default "x86_64" */
  readonly arch?: string;
  /** @default - one, named after the package */
  readonly files?: Readonly<Record<string, string>>;
  /** Further lines. @default none */
  readonly info?: readonly string[];
  /** Whether it is signed, by nobody. @default false */
  readonly isSigned?: boolean;
}

/** The name of a package's file, its content, and the checksum by which an index names it, as the file format has them. */
export function apkPackage(given: GivenApk): { readonly file: string; readonly content: Buffer; readonly checksum: string } {
  const { name, version = '1.0-r0', arch = 'x86_64', files = { [`etc/${name}`]: version }, info = [], isSigned = false } = given;
  const data = tarball(files);
  const datahash = createHash('sha256').update(data).digest('hex');
  const lines = [
    '# Generated',
    `pkgname = ${name}`,
    `pkgver = ${version}`,
    `arch = ${arch}`,
    'size = 5000',
    ...info,
    `datahash = ${datahash}`,
    '',
  ];
  const control = withoutEnd(tarball({ '.PKGINFO': lines.join('\n'), '.post-install': '#!/bin/sh\n' }));
  const signature = isSigned ? [withoutEnd(tarball({ '.SIGN.RSA.nobody.rsa.pub': 'signature' }))] : [];
  const checksum = `Q1${createHash('sha1').update(control).digest('base64')}`;
  return { file: `${name}-${version}.apk`, content: Buffer.concat([...signature, control, data]), checksum };
}

/** An archive that others follow in the same file. */
export function withoutEnd(archive: Buffer): Buffer {
  return gzipSync(gunzipSync(archive).subarray(0, -1024));
}
