import { type KubeSphereOptions } from './backends/kubesphere/setup';
import { type RegistryOptions, startRegistry } from './server';

export { type KubeSphereUser } from './backends/kubesphere/auth/accounts';
export { type KubeSphereVersion } from './backends/kubesphere/generation';
export { DEFAULT_PASSWORD } from './backends/kubesphere/setup';

/** How an embedded KubeSphere is started by itself. */
export interface StartKubeSphereOptions extends Omit<RegistryOptions, 'backends' | 'bkrepo' | 'kubesphere'>, KubeSphereOptions {}

/** A running KubeSphere. */
export interface KubeSphereServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Stops it. */
  close(): Promise<void>;
}

/** Starts an embedded KubeSphere and nothing else; it has a user `admin` and is ready when the promise resolves. */
export async function startKubeSphere(options: StartKubeSphereOptions): Promise<KubeSphereServer> {
  const { url, close } = await startRegistry({ ...options, backends: ['kubesphere'], kubesphere: options });
  return { url, close };
}
