import type { ApiClient, JsonObject } from '../../../schema/define';
import { periodText } from '../../../common/kubesphere/sync-period';
import { isSameUrl } from '../../../common/kubesphere/url';

/** What names a repository; without a workspace it belongs to none. */
export interface RepositoryKey {
  readonly workspace: string | undefined;
  readonly name: string;
}

/** How the server reads the index. */
export type Credentials =
  { readonly username: string; readonly password: string } | { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;

/** A repository as it should be. */
export interface Wanted extends RepositoryKey {
  readonly displayName: string;
  /** Complete, without user and password. */
  readonly url: string;
  readonly credentials: Credentials;
  readonly description: string;
  /** 0 for none. */
  readonly syncSeconds: number;
}

/**
 * A repository as a server has it, in the form of the resource's attributes: `id`, `uid`, `workspace`, `name`, `display_name`, `url`,
 * `username`, `access_key_id`, `description`, `sync_period`, `status`, `creator`, `create_time` and `last_update_time`, each `null` if the
 * server has none. No secrets.
 */
export type Repository = JsonObject & { readonly id: string; readonly workspace: string; readonly name: string };

/** What an update changes. */
export interface Change {
  readonly id: string;
  readonly wanted: Wanted;
  /** Whether the URL or the credentials change, so that the index has to be read anew. */
  readonly source: boolean;
}

/** How far a repository has been synced; two are equal if it has not been synced in between. `first` if any sync counts. */
export type Mark = string | typeof first;

/** The mark of what has never been synced. */
export const first = Symbol('first');

/** The result of a write. */
export interface Written {
  /** Another one than before if the repository had to be replaced. */
  readonly id: string;
  /** The mark before the sync that the server begins by itself; nothing if it begins none. */
  readonly mark: Mark | undefined;
}

/** A repository that is synced. */
export interface Syncing {
  readonly key: RepositoryKey;
  readonly id: string;
  readonly mark: Mark;
}

/** Whether a repository is as it was written, as far as reads tell. */
export function shows(found: Repository, { displayName, description, syncSeconds, url, credentials }: Wanted): boolean {
  return (
    found.display_name === displayName &&
    found.description === description &&
    found.sync_period === periodText(syncSeconds) &&
    found.username === (credentials && 'username' in credentials ? credentials.username : null) &&
    found.access_key_id === (credentials && 'accessKeyId' in credentials ? credentials.accessKeyId : null) &&
    isSameUrl(String(found.url), url)
  );
}

/** One generation of servers: its paths and the forms on the wire, which have nothing in common with those of the other one. */
export interface Generation {
  /** The path of the repositories of a workspace. */
  collection(workspace: string | undefined): string;
  /** The repositories of a workspace, and of it alone. */
  list(client: ApiClient, workspace: string | undefined): Promise<readonly Repository[]>;
  /** A repository in its workspace; nothing if that has none of this name. Of several of one name it is that with the id, if any. */
  find(client: ApiClient, key: RepositoryKey, id?: string): Promise<Repository | undefined>;
  /** The id of a repository; nothing if it is gone. That in a state may be of one that was replaced, or missing after an interrupted create. */
  idOf(client: ApiClient, key: RepositoryKey, known: string | undefined): Promise<string | undefined>;
  /** The workspace that has the name of a repository that is not in its own, empty if it is in none; nothing if no other has it. */
  elsewhere(client: ApiClient, key: RepositoryKey): Promise<string | undefined>;
  /** What to know about a sync that does not end, as a sentence. */
  readonly syncNote: string;
  /** The key for an import id that names a repository by its id alone; nothing for other import ids. */
  keyOfId(client: ApiClient, importId: string): Promise<RepositoryKey | undefined>;
  /** Where repositories can be: the workspaces that the user may see, and nothing for those in no workspace. */
  places(client: ApiClient): Promise<readonly (string | undefined)[]>;
  /** Whether a workspace exists. Repositories put in another one are lost. */
  hasWorkspace(client: ApiClient, workspace: string): Promise<boolean>;
  /** Has the server read the index, as its form does on "Validate"; throws an `ApiError` with the code of what is wrong. */
  validate(client: ApiClient, wanted: Wanted): Promise<void>;
  create(client: ApiClient, wanted: Wanted): Promise<Written>;
  /** The mark of a repository that was just created; nothing if the server does not sync it by itself. */
  initialMark(wanted: Wanted): Mark | undefined;
  update(client: ApiClient, change: Change): Promise<Written>;
  /** The repository once reads show it as it was written. */
  shown(client: ApiClient, wanted: Wanted, id: string): Promise<Repository>;
  /** Deletes a repository, and waits until it is gone. */
  remove(client: ApiClient, key: RepositoryKey, id: string): Promise<void>;
  /** The credentials that a repository has, to keep those that are not managed here. */
  credentialsOf(client: ApiClient, key: RepositoryKey, id: string): Promise<Credentials>;
  /** Tells the server to sync; returns the mark from before. */
  sync(client: ApiClient, key: RepositoryKey, id: string): Promise<Mark>;
  /** Whether a repository has been synced since its mark; throws if that failed. */
  isSynced(client: ApiClient, syncing: Syncing): Promise<boolean>;
  /** What the index of a repository brought. */
  applications(client: ApiClient, repository: Repository): Promise<readonly JsonObject[]>;
}

/** Milliseconds that a call may take in which the server reads an index. */
export const validatingTimeout = ({ settings: { validationTimeout, requestTimeout } }: ApiClient): number =>
  1000 * (typeof validationTimeout === 'number' ? validationTimeout : Math.max(330, Number(requestTimeout ?? 0)));
