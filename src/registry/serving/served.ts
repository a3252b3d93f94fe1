import { type FileAnswer, type RepositoryLocation } from '../formats/format';
import { type LocalRepository } from '../formats/repository';
import { type Exchange } from '../reply';
import { type RequestPath } from '../request-path';
import { type Remote } from '../store/repositories';

/** What every repository that clients reach has. */
interface Reachable {
  readonly packageType: string;
  readonly location: RepositoryLocation;
}

/** A repository with files of its own. */
export interface ServedLocal extends Reachable {
  readonly kind: 'local';
  readonly repository: LocalRepository;
  /** Sends one of its files, or the part of it that the client asks for. */
  send(exchange: Exchange, answer: FileAnswer): Promise<unknown>;
}

/** A repository that caches what an upstream has. */
export interface ServedRemote extends Reachable {
  readonly kind: 'remote';
  readonly remote: Remote;
}

/** A member of a virtual. */
export type ServedMember = ServedLocal | ServedRemote;

/** Members that the sender of a request may not read. */
export interface Withheld {
  readonly names: readonly string[];
  /** Whether the sender has sent a login. */
  readonly isKnown: boolean;
}

/** A repository that answers from its members; where it has files of its own, they are one of these. */
export interface ServedVirtual extends Reachable {
  readonly kind: 'virtual';
  /** Its members in order; one that is not there is an error, for its packages must not come from the others. */
  members(): Promise<readonly ServedMember[]>;
  /** Where changes go. @default - it takes none */
  readonly own?: ServedLocal;
  /**
   * Whose packages are internal: what is public under their names is not served. The sender of the request need not be allowed to see them.
   * @default - the local members
   */
  owners?(): Promise<readonly ServedLocal[]>;
  /** What is passed over, because the sender of the request may not read it. @default - nothing, or nothing to be named */
  readonly withheld?: Withheld;
}

/** A repository as clients reach it, whichever backend it belongs to. */
export type Served = ServedMember | ServedVirtual;

/** A request to a repository. */
export interface ServedRequest<T extends Served = Served> {
  readonly served: T;
  readonly path: RequestPath;
  /** The URL of the registry, without a slash at the end. */
  readonly root: string;
  /** Whether it came by a URL of the package type's own, where errors always have that type's form. */
  readonly byFront?: boolean;
}
