import { readFileSync } from 'node:fs';
import { generateKey } from './openpgp/generate';
import { WrongPassphrase } from './openpgp/secret';
import { readSigner, type Signer } from './openpgp/signer';
import { type Settings } from './settings';
import { type SigningKeys } from './store/signing-keys';

const PATH = 'TF_SIGNING_KEY_PATH';
const PASSPHRASE = 'TF_SIGNING_KEY_PASSPHRASE';
const NAME = 'providers';
const USER_ID = 'repoform registry';

/** The key that the operator gave, read and ready; undefined if none was given. Throws an error that names the setting if it cannot be used. */
export function readGivenKey(settings: Settings): Signer | undefined {
  const { [PATH]: path = '', [PASSPHRASE]: passphrase = '' } = settings;
  if (path === '') return undefined;
  const text = read(path);
  try {
    return readSigner(text, passphrase);
  } catch (cause) {
    const { message } = cause as Error;
    if (!(cause instanceof WrongPassphrase))
      throw new Error(`${PATH}: ${JSON.stringify(path)} is not a private key to sign with: ${message}`);
    throw new Error(`${PASSPHRASE}: the private key ${JSON.stringify(path)} cannot be opened: ${message}`);
  }
}

/** The key that the registry made for itself, which it does when one is first needed. */
export function ownSigner(keys: SigningKeys): () => Promise<Signer> {
  let known: Promise<Signer> | undefined;
  const make = async () => {
    const key = await keys.getOrMake(NAME, () => generateKey(USER_ID, new Date()));
    return readSigner(key.reveal(), '');
  };
  return () =>
    (known ??= make().catch((cause: unknown) => {
      known = undefined;
      throw cause;
    }));
}

// Its cause is told in words: what it stands for elsewhere, a file of the store that cannot be read, is another problem.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`${PATH}: cannot read ${JSON.stringify(path)}: ${(cause as Error).message}`);
  }
}
