import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards } from '../helpers';

/** GnuPG with a keyring of its own, which ends with the test. */
export class Gpg {
  // Not in a longer path: the socket of its agent has to fit into 108 bytes.
  readonly folder = mkdtempSync(join(tmpdir(), 'gpg-'));

  constructor() {
    chmodSync(this.folder, 0o700);
    // The least that it takes; by default it hashes a passphrase for as long as a tenth of a second takes on an idle machine.
    writeFileSync(join(this.folder, 'gpg-agent.conf'), 's2k-count 65536\n');
    afterwards(() => {
      execFileSync('gpgconf', ['--homedir', this.folder, '--kill', 'gpg-agent']);
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  run(args: readonly string[], input?: string): string {
    const own = ['--homedir', this.folder, '--batch', '--no-tty', '--pinentry-mode', 'loopback', '--status-fd', '1', '--yes'];
    return execFileSync('gpg', [...own, ...args], { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...(input && { input }) });
  }

  /** A private key, made and exported. */
  key(passphrase: string, [algorithm, usage]: readonly [string, string], subkey?: readonly [string, string]): string {
    const secret = ['--passphrase', passphrase];
    const made = this.run([...secret, '--quick-generate-key', 'Key <key@example.com>', algorithm, usage, 'never']);
    const [, fingerprint = ''] = /KEY_CREATED [BP] (\w+)/.exec(made) ?? [];
    if (subkey) this.run([...secret, '--quick-add-key', fingerprint, ...subkey, 'never']);
    return this.run([...secret, '--armor', '--export-secret-keys', fingerprint]);
  }

  /** Imports a public key and verifies a signature; throws what gpg says if it is not good. */
  verify(publicKey: string, signature: Buffer, content: string | Buffer): string {
    this.run(['--import'], publicKey);
    const [file, of] = [join(this.folder, 'content.sig'), join(this.folder, 'content')];
    writeFileSync(file, signature);
    writeFileSync(of, content);
    return this.run(['--verify', file, of]);
  }
}
