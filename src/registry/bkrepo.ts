import { type BkRepoOptions, type PlatformKeys } from './backends/bkrepo/setup';
import { type RegistryOptions, startRegistry } from './server';

/** How an embedded BK-Repo is started by itself. */
export interface StartBkRepoOptions extends Omit<RegistryOptions, 'backends' | 'bkrepo' | 'kubesphere'>, BkRepoOptions {}

/** A running BK-Repo. */
export interface BkRepoServer {
  /** Where it listens, with its prefix and without a slash at the end. */
  readonly url: string;
  /** The keys of the platform application `bkdevops`. */
  readonly platformKeys: PlatformKeys;
  /** Stops it. */
  close(): Promise<void>;
}

/** Starts an embedded BK-Repo and nothing else; it has a user `admin` and is ready when the promise resolves. */
export async function startBkRepo(options: StartBkRepoOptions): Promise<BkRepoServer> {
  const { url, platformKeys = { accessKey: '' }, close } = await startRegistry({ ...options, backends: ['bkrepo'], bkrepo: options });
  return { url, platformKeys, close };
}
