import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { startRegistry } from '../../src/registry/server';
import { ownSigner } from '../../src/registry/signing';
import { describeClient } from '../clients/support';
import { cleanUp, openTestStore, tempFolder } from './helpers';
import { Gpg } from './openpgp/gpg';

afterEach(cleanUp);

describe('the key that the registry makes for itself', () => {
  test('is kept in the store, and is one however many ask for it first', async () => {
    const folder = tempFolder();
    const store = await openTestStore(folder);
    const asked = [ownSigner(store.signingKeys), ownSigner(store.signingKeys), ownSigner(store.signingKeys)];
    const ids = (await Promise.all(asked.map((signer) => signer()))).map(({ keyId }) => keyId);
    const key = await store.signingKeys.getOrMake('providers', () => Promise.reject(new Error('there is one')));
    await store.close();
    const again = await openTestStore(folder);
    ids.push((await ownSigner(again.signingKeys)()).keyId);
    await again.close();
    expect(new Set(ids).size).toBe(1);
    expect([JSON.stringify({ key }), `${key}`, inspect(key)]).toEqual(['{}', '[secret]', '[secret]']);
  });
});

describe('the registry does not start, and says which variable is wrong', () => {
  const failure = async (environment: Record<string, string>): Promise<string> => {
    const data = join(tempFolder(), 'data');
    const thrown: unknown = await startRegistry({ port: 0, data, environment }).then(
      (started) => started.close(),
      (cause: unknown) => cause,
    );
    // Nothing was made.
    expect(existsSync(data)).toBe(false);
    return String(thrown);
  };

  test('with a key that cannot be read or is none', async () => {
    const folder = tempFolder();
    const path = join(folder, 'key.asc');
    expect(await failure({ TF_SIGNING_KEY_PATH: path })).toContain(`TF_SIGNING_KEY_PATH: cannot read "${path}": ENOENT`);
    writeFileSync(path, 'no key');
    expect(await failure({ TF_SIGNING_KEY_PATH: path })).toBe(
      `Error: TF_SIGNING_KEY_PATH: "${path}" is not a private key to sign with: expected "-----BEGIN PGP PRIVATE KEY BLOCK-----"`,
    );
  });

  describeClient('gpg', () =>
    test('with a key whose passphrase is missing or another one', async () => {
      const path = join(tempFolder(), 'key.asc');
      writeFileSync(path, new Gpg().key('correct horse', ['ed25519', 'sign']));
      expect(await failure({ TF_SIGNING_KEY_PATH: path })).toBe(
        `Error: TF_SIGNING_KEY_PASSPHRASE: the private key "${path}" cannot be opened: it is protected by a passphrase`,
      );
      const wrong = await failure({ TF_SIGNING_KEY_PATH: path, TF_SIGNING_KEY_PASSPHRASE: 'wrong-horse' });
      expect(wrong).toBe(
        `Error: TF_SIGNING_KEY_PASSPHRASE: the private key "${path}" cannot be opened: the passphrase is not the one that it is protected by`,
      );
    }),
  );
});
