import { randomBytes } from 'node:crypto';
import { firstPassword } from '../../access/known-password';
import { type Context } from '../../context';
import { type BkContext, type BkRepoSettings } from './context';
import { ImageTokens } from './image-token';
import { addUser } from './principal';
import { seedProject } from './seed';
import { PasswordKeys } from './rsa';
import { ServedRepositories } from './served';
import { hashPassword, hashSecret } from '../../secrets';
import { BkTables } from './tables';

/** A pair of keys of a platform application. */
export interface PlatformKeys {
  readonly accessKey: string;
  /** Unknown when it was set in an earlier run: only its hash is kept. */
  readonly secretKey?: string;
}

/** The setup of the embedded BK-Repo and its initial content. */
export interface BkRepoOptions extends Partial<BkRepoSettings> {
  /** The keys of the platform application `bkdevops`. @default - generated at the first start */
  readonly platformKeys?: Required<PlatformKeys>;
  /** The password of the user `admin`, in place of the known one. @default "password", where nobody else can reach the server */
  readonly adminPassword?: string;
  /** Whether to begin with the project `blueking` and its repositories. @default false */
  readonly seed?: boolean;
}

const PLATFORM = 'bkdevops';
const DEFAULT_ADMIN_PASSWORD = 'password';
const REPOSITORY_CACHE_MS = 60_000;

/** Creates the context of the BK-Repo routes and the initial content of the server. */
export async function setUpBkRepo(base: Context, options: BkRepoOptions): Promise<{ context: BkContext; platformKeys: PlatformKeys }> {
  const bk = new BkTables(base.store.metadata);
  const { prefix = '', storage = {}, creatorGrantDelay = 0, multiTenant = false } = options;
  const { repositoryCache = base.strict ? REPOSITORY_CACHE_MS : 0 } = options;
  const settings = { prefix: prefix.replace(/\/+$/, ''), storage, creatorGrantDelay, multiTenant, repositoryCache };
  const { metadata, signingKeys } = base.store;
  const [served, passwordKeys] = [new ServedRepositories(repositoryCache), new PasswordKeys(signingKeys)];
  const imageTokens = new ImageTokens(signingKeys, () => metadata.now());
  const context: BkContext = { ...base, bk, settings, passwordKeys, imageTokens, served, contents: [] };
  await setUpAdmin(context, options.adminPassword);
  const platformKeys = await setUpPlatform(bk, options.platformKeys);
  if (options.seed) await seedProject(context);
  return { context, platformKeys };
}

async function setUpAdmin({ bk, isExposed }: BkContext, given: string | undefined): Promise<void> {
  const admin = await bk.users.get('admin');
  const [known, option, hash] = [DEFAULT_ADMIN_PASSWORD, '--bkrepo-admin-password', admin?.pwd];
  const password = await firstPassword({ api: 'BK-Repo', option, known, given, hash, isExposed });
  if (password === undefined) return;
  const pwd = await hashPassword(password);
  if (admin) await bk.users.replace('admin', { ...admin, pwd });
  else await addUser(bk, { userId: 'admin', name: 'admin', admin: true, pwd });
}

/** Of processes that begin at once, one generates the keys. */
function setUpPlatform(bk: BkTables, given: Required<PlatformKeys> | undefined): Promise<PlatformKeys> {
  return bk.atomically(async ({ accounts }) => {
    const known = (await accounts.all()).find(({ appId }) => appId === PLATFORM);
    if (known && !given) return { accessKey: known.accessKey };
    if (known) await accounts.remove(known.accessKey);
    const keys = given ?? { accessKey: randomBytes(16).toString('hex'), secretKey: randomBytes(15).toString('hex') };
    const account = { appId: PLATFORM, accessKey: keys.accessKey, secretKey: hashSecret(keys.secretKey) };
    await accounts.insert({ id: keys.accessKey }, account);
    return keys;
  });
}
