import type { TerraformProvider } from 'cdktf';
import type { Scheme } from '../../../src/common/kubesphere/url';

/** Properties of an `AppRepositoryManifest`. Those that an `AppRepository` has, too, mean the same. */
export interface AppRepositoryManifestProps {
  /** The generation of KubeSphere: `"3"` makes a `HelmRepo`, `"4"` a `Repo`. Changing this forces replacement. */
  readonly version: '3' | '4';
  /**
   * Name of the repository. On version 4 it is the name of the object: up to 48 lower-case letters, digits and `-`, and changing it
   * forces replacement. On version 3 it is any text.
   */
  readonly name: string;
  /** URL of the repository, without user name and password: `http` or `https`, on version 3 also `s3`, on version 4 also `oci`. */
  readonly url: string;
  /**
   * The scheme of the URL, if it shall be checked.
   *
   * @default the scheme of the URL
   */
  readonly type?: Scheme;
  /**
   * The name that the console shows, any text. Version 3 has none besides `name`.
   *
   * @default the name
   */
  readonly displayName?: string;
  /**
   * The workspace that the repository belongs to. It must exist: from KubeSphere 4.1.3 on, the controller deletes a repository whose
   * workspace does not.
   *
   * @default "system-workspace", whose repositories KubeSphere 4 shows in every workspace, and 3 in no other one
   */
  readonly workspace?: string;
  /**
   * User name for the repository (`http`, `https`, `oci`).
   *
   * @default none
   */
  readonly username?: string;
  /**
   * Password for the repository. It is stored in the state, shown in plans, and stored in the Kubernetes object; needs `credentialsInState: true`.
   *
   * @default none
   */
  readonly password?: string;
  /**
   * Id of the access key of an S3 repository; version 3 only.
   *
   * @default none
   */
  readonly accessKeyId?: string;
  /**
   * Secret of the access key of an S3 repository; version 3 only. It is stored in the state and in the Kubernetes object; needs
   * `credentialsInState: true`.
   *
   * @default none
   */
  readonly secretAccessKey?: string;
  /**
   * Confirms that you accept this: `kubernetes_manifest` has no write-only attribute, so `password` and `secretAccessKey` are readable in
   * the state and in the output of plans that set or change them. `AppRepository` keeps them out of both.
   *
   * @default false
   */
  readonly credentialsInState?: boolean;
  /**
   * Whether KubeSphere accepts any certificate of the server (`https`, `oci`).
   *
   * @default false if there is a `caFile` or `certFile`; otherwise KubeSphere's own default, which is true
   */
  readonly insecureSkipTlsVerify?: boolean;
  /**
   * Path of a file with certificates of authorities, in the containers of KubeSphere (`https`).
   *
   * @default the authorities of the containers
   */
  readonly caFile?: string;
  /**
   * Path of a file with a client certificate, in the containers of KubeSphere (`https`).
   *
   * @default none
   */
  readonly certFile?: string;
  /**
   * Path of a file with the key of the client certificate, in the containers of KubeSphere (`https`).
   *
   * @default none
   */
  readonly keyFile?: string;
  /**
   * What the repository is for, up to 512 bytes.
   *
   * @default none
   */
  readonly description?: string;
  /**
   * How often KubeSphere reads the index again: seconds, or a duration like `1h30m`; 0, or at least 3 minutes. A token is a number of
   * seconds. With 0, version 3 reads the index once, and version 4 never.
   *
   * @default 0
   */
  readonly syncPeriod?: string | number;
  /**
   * Any text; KubeSphere 3 reads the index again when it, the URL or the user changes. Version 4 reads it again after the sync period only.
   *
   * @default none
   */
  readonly syncTrigger?: string;
  /**
   * Whether a deployment waits until KubeSphere has read the index, and fails where it cannot.
   *
   * @default true where KubeSphere reads it by itself: always on version 3, with a sync period on version 4
   */
  readonly waitForSync?: boolean;
  /**
   * How long to wait, e.g. `2m`. KubeSphere 3 reads an index at most once a minute, and pauses up to 10 minutes after failures.
   *
   * @default "12m"
   */
  readonly syncTimeout?: string;
  /**
   * Further labels of the object. Terraform removes none that it does not know, and its apply fails where there are such labels: declare them here.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * The user whom the console shows as the creator.
   *
   * @default none
   */
  readonly creator?: string;
  /**
   * Name of the object on version 3, beginning with `repo-`. Changing this forces replacement.
   *
   * @default "repo-" and a hash of the path of the construct
   */
  readonly objectName?: string;
  /**
   * The name under which Kubernetes records the fields that Terraform manages.
   *
   * @default "Terraform"
   */
  readonly fieldManager?: string;
  /**
   * Whether a deployment takes over fields that somebody else has changed, e.g. in the console. Without that, it fails.
   *
   * @default true
   */
  readonly forceConflicts?: boolean;
  /**
   * The `kubernetes` provider.
   *
   * @default the stack's provider
   */
  readonly provider?: TerraformProvider;
}
