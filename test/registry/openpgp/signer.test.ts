import { generateKey } from '../../../src/registry/openpgp/generate';
import { readSigner } from '../../../src/registry/openpgp/signer';
import { describeClient } from '../../clients/support';
import { cleanUp } from '../helpers';
import { Gpg } from './gpg';

afterEach(cleanUp);

const CONTENT = Buffer.from('some content\n');

describeClient('gpg', () => {
  describe('a signature', () => {
    test.each([
      { name: 'RSA', passphrase: '', keys: [['rsa2048', 'sign']] },
      { name: 'RSA with a passphrase', passphrase: 'correct horse', keys: [['rsa2048', 'sign']] },
      { name: 'Ed25519 with a passphrase', passphrase: 'correct horse', keys: [['ed25519', 'sign']] },
      { name: 'P-256', passphrase: '', keys: [['nistp256', 'sign']] },
      { name: 'P-521', passphrase: '', keys: [['nistp521', 'sign']] },
      {
        name: 'a subkey, and a key that only certifies',
        passphrase: 'ü',
        keys: [
          ['ed25519', 'cert'],
          ['rsa2048', 'sign'],
        ],
      },
      {
        name: 'a key with a subkey that only encrypts',
        passphrase: '',
        keys: [
          ['rsa2048', 'sign'],
          ['rsa2048', 'encr'],
        ],
      },
    ] as const)('by a key of gpg is good for gpg: $name', ({ passphrase, keys: [key, subkey] }) => {
      const signer = readSigner(new Gpg().key(passphrase, key, subkey), passphrase);
      const said = new Gpg().verify(signer.publicKey, signer.sign(CONTENT, new Date()), CONTENT);
      expect(said).toContain(`GOODSIG ${signer.keyId} Key <key@example.com>`);
    });

    test('by a generated key is good for gpg, is of a time not before the key, and is not good for other content', async () => {
      const made = new Date('2026-05-01T10:00:00Z');
      const signer = readSigner(await generateKey('the registry', made), '');
      const signature = signer.sign(CONTENT, new Date('2020-01-01T00:00:00Z'));
      expect(new Gpg().verify(signer.publicKey, signature, CONTENT)).toMatch(
        new RegExp(
          `GOODSIG ${signer.keyId} the registry[^]*VALIDSIG \\w{24}${signer.keyId} 2026-05-01 ${made.getTime() / 1000} 0 4 0 1 10 00`,
        ),
      );
      expect(() => new Gpg().verify(signer.publicKey, signature, 'other content')).toThrow('BAD signature');
      expect(signer.sign(CONTENT, made)).toEqual(signature);
    });
  });

  describe('a key that cannot be used is refused with the reason', () => {
    test('one of a curve that few clients know', () => {
      const text = new Gpg().key('', ['brainpoolP256r1', 'sign']);
      expect(() => readSigner(text, '')).toThrow('its curve is not supported; allowed are P-256, P-384 and P-521');
    });

    test('one that must not sign, a public one, two, one that is damaged, and something else', () => {
      const gpg = new Gpg();
      const [certifies, signs] = [gpg.key('', ['ed25519', 'cert']), gpg.key('', ['ed25519', 'sign'])];
      expect(() => readSigner(certifies, '')).toThrow('neither the key nor a subkey of it may sign');
      expect(() => readSigner(gpg.run(['--armor', '--export']), '')).toThrow(
        'expected "-----BEGIN PGP PRIVATE KEY BLOCK-----", found "-----BEGIN PGP PUBLIC KEY BLOCK-----"',
      );
      expect(() => readSigner(gpg.run(['--armor', '--export-secret-keys']), '')).toThrow('it has more than one private key');
      expect(() => readSigner(signs.replace(/^[\w+/]{20}/m, 'A'.repeat(20)), '')).toThrow('its checksum does not match its content');
      expect(() => readSigner(signs.replace(/^[\w+/]{40,}$\n/m, '').replace(/^=.*$/m, ''), '')).toThrow();
      expect(() => readSigner('-----BEGIN RSA PRIVATE KEY-----\n', '')).toThrow('found "-----BEGIN RSA PRIVATE KEY-----"');
      expect(() => readSigner('', '')).toThrow(/^expected "-----BEGIN PGP PRIVATE KEY BLOCK-----"$/);
    });

    test('one with a passphrase that is missing or another one', () => {
      const text = new Gpg().key('correct horse', ['ed25519', 'sign']);
      expect(() => readSigner(text, '')).toThrow('it is protected by a passphrase');
      expect(() => readSigner(text, 'wrong horse')).toThrow('the passphrase is not the one that it is protected by');
    });
  });
});
