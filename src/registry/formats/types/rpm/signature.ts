import { type Document, type RouteRequest } from '../../format';
import { armored } from '../../../openpgp/armor';

/** What keeps a document by what it is made of. */
interface Keeper {
  kept(inputs: readonly unknown[], make: () => Promise<Document>): Promise<Document>;
}

/** The public key that an index is signed with. */
export async function keyDocument({ signer }: Pick<RouteRequest, 'signer'>): Promise<Document> {
  return { contentType: 'application/pgp-keys', body: (await signer()).publicKey };
}

/** The signature of an index, of the time that the index is of; made once. */
export async function signatureOf({ signer }: Pick<RouteRequest, 'signer'>, repomd: Document, keeper: Keeper): Promise<Document> {
  const [body, key] = [Buffer.from(repomd.body), await signer()];
  const [, time = '0'] = /<revision>(\d+)<\/revision>/.exec(body.toString('utf8')) ?? [];
  return keeper.kept(['signature', key.keyId, body.toString('base64')], () =>
    Promise.resolve({
      contentType: 'application/pgp-signature',
      body: armored('SIGNATURE', key.sign(body, new Date(Number(time) * 1000))),
    }),
  );
}
