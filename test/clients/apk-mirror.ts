import { createSign, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apkPackage, withoutEnd } from '../registry/formats/apk-packages';
import { tarball, tempFolder, type TestUpstream, upstream } from '../registry/helpers';

/** A mirror of Alpine packages. */
export interface ApkMirror extends TestUpstream {
  /** The file of the public key that its index is signed with. */
  readonly key: string;
  /** What its index says of `acme-app`, as go-apk reads it, which leaves out what is replaced. */
  readonly listed: object;
}

/** The name that a client knows the key by. */
const KEY = 'mirror@example.com-5f3a1b2c.rsa.pub';
const BUILT = 1_767_225_600;

/** Serves two packages, and an index that has every field which the format has, in its order, written from the description of the format. */
export async function apkMirror(): Promise<ApkMirror> {
  const app = apkPackage({ name: 'acme-app', version: '2.1.0-r1', info: ['depend = so:libacme.so.1', 'depend = !acme-old'] });
  const libs = apkPackage({ name: 'acme-libs', version: '1.4.2-r0', info: ['provides = so:libacme.so.1=1.4.2'] });
  const entry = (letters: Readonly<Record<string, string | number>>) =>
    Object.entries(letters)
      .map(([letter, value]) => `${letter}:${value}\n`)
      .join('');
  const about = { U: 'https://example.com/acme', L: 'MIT AND BSD-2-Clause', o: 'acme', m: 'M. <m@example.com>', t: BUILT };
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const index = [
    entry({
      ...{ C: app.checksum, P: 'acme-app', V: '2.1.0-r1', A: 'x86_64', S: app.content.length, I: 5000, T: 'Über: alles = "all"', ...about },
      ...{ c: commit, k: 10, D: 'so:libacme.so.1 !acme-old', p: 'cmd:acme=2.1.0-r1 acme', i: 'acme-core=1.0-r0 docs', r: 'acme-old', q: 5 },
    }),
    entry({
      ...{ C: libs.checksum, P: 'acme-libs', V: '1.4.2-r0', A: 'x86_64', S: libs.content.length, I: 5000, T: 'Libraries', ...about },
      ...{ c: commit, p: 'so:libacme.so.1=1.4.2' },
    }),
  ].join('\n');
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const unsigned = tarball({ DESCRIPTION: 'v3.22.0-1-gabcdef', APKINDEX: `${index}\n` });
  const signature = createSign('RSA-SHA1').update(unsigned).sign(privateKey);
  const files: Readonly<Record<string, Buffer>> = {
    'APKINDEX.tar.gz': Buffer.concat([withoutEnd(tarball({ [`.SIGN.RSA.${KEY}`]: signature })), unsigned]),
    [app.file]: app.content,
    [libs.file]: libs.content,
  };
  const server = await upstream((request, response) => {
    const content = files[request.url?.replace(/^\/x86_64\//, '') ?? ''];
    response.writeHead(content ? 200 : 404, { 'content-type': 'application/octet-stream' }).end(content);
  });
  const key = join(tempFolder(), KEY);
  writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));
  const listed = {
    ...{ Name: 'acme-app', Version: '2.1.0-r1', Arch: 'x86_64', Description: 'Über: alles = "all"', License: about.L, Origin: about.o },
    ...{ Maintainer: about.m, URL: about.U, Checksum: app.checksum.replace(/^Q1/, ''), Size: app.content.length, InstalledSize: 5000 },
    ...{ Dependencies: ['so:libacme.so.1', '!acme-old'], Provides: ['cmd:acme=2.1.0-r1', 'acme'] },
    ...{ InstallIf: ['acme-core=1.0-r0', 'docs'], ProviderPriority: 10, RepoCommit: commit },
  };
  return { ...server, key, listed };
}
