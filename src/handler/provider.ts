import type { Diagnostic, AttributePath } from '../common/diagnostic';
import type { Value, ValueRecord } from '../common/value';
import type { TerraformProviderSchema } from '../schema/derive/terraform';

/**
 * The requests to a provider, in plain values: the border between `protocol` (which knows the wire) and `handler` (which
 * knows what things mean). Every method may be called concurrently; none throws: failures come back as diagnostics.
 */
export interface Provider {
  /** The schemas of everything, without any I/O. */
  schema(): TerraformProviderSchema;
  validateProviderConfig(request: ConfigRequest): Promise<Diagnosed>;
  configure(request: ConfigureRequest): Promise<Diagnosed>;
  validateResource(request: ValidateResourceRequest): Promise<Diagnosed>;
  validateDataSource(request: TypedConfigRequest): Promise<Diagnosed>;
  validateEphemeral(request: TypedConfigRequest): Promise<Diagnosed>;
  /** Brings stored state to the current schema version. No I/O. */
  upgradeState(request: UpgradeStateRequest): Promise<StateAnswer>;
  read(request: ReadRequest): Promise<StateAnswer>;
  plan(request: PlanRequest): Promise<PlanAnswer>;
  apply(request: ApplyRequest): Promise<StateAnswer>;
  import(request: ImportRequest): Promise<ImportAnswer>;
  move(request: MoveRequest): Promise<StateAnswer>;
  upgradeIdentity(request: UpgradeIdentityRequest): Promise<{ readonly identity?: ValueRecord } & Diagnosed>;
  readDataSource(request: TypedConfigRequest): Promise<{ readonly state: Value } & Diagnosed>;
  validateList(request: TypedConfigRequest): Promise<Diagnosed>;
  /** Finds objects, as they come. It is the exception that may be left before its end, which stops it. */
  list(request: ListRequest): AsyncIterable<ListEvent>;
  /** The configuration that manages an object as it is. */
  generateConfig(request: GenerateRequest): Promise<{ readonly config: Value } & Diagnosed>;
  openEphemeral(request: OpenRequest): Promise<OpenAnswer>;
  renewEphemeral(request: EphemeralRequest): Promise<EphemeralAnswer>;
  closeEphemeral(request: EphemeralRequest): Promise<Diagnosed>;
  validateAction(request: TypedConfigRequest): Promise<Diagnosed>;
  /** Tells whether an action can be invoked, as far as that is known. */
  planAction(request: PlanActionRequest): Promise<PlanActionAnswer>;
  invokeAction(request: InvokeRequest): Promise<Diagnosed>;
  /** Calls a provider function; an error names the argument (from 0) when it is about one. */
  callFunction(request: CallRequest): Promise<CallAnswer>;
  /** Cancels requests in flight; calls that made changes still return their results. */
  stop(): void;
  /** Called at shutdown: closes the ephemeral resources that core left open, e.g. after an error. @default nothing to close */
  end?(): Promise<void>;
}

export interface Diagnosed {
  readonly diagnostics: readonly Diagnostic[];
}
export interface ConfigRequest {
  readonly config: Value;
}
export interface ConfigureRequest extends ConfigRequest {
  readonly terraformVersion: string;
}
export interface TypedConfigRequest extends ConfigRequest {
  readonly type: string;
}
export interface ValidateResourceRequest extends TypedConfigRequest {
  /** Whether core supports write-only attributes. @default it does */
  readonly writeOnlyAllowed?: boolean;
}
/** Opaque bytes that core stores next to the state of an instance. */
export type PrivateState = Uint8Array;

export interface UpgradeStateRequest {
  readonly type: string;
  readonly version: number;
  /** The state as JSON text, by the schema version that wrote it. */
  readonly json: string;
}
export interface ReadRequest {
  readonly type: string;
  readonly state: Value;
  readonly private: PrivateState;
  readonly identity?: ValueRecord;
}
export interface StateAnswer extends Diagnosed {
  /** `null` means that the object is gone. */
  readonly state: Value;
  readonly private?: PrivateState;
  readonly identity?: ValueRecord;
}
export interface PlanRequest {
  readonly type: string;
  readonly prior: Value;
  /** `null` when a destroy is planned. */
  readonly proposed: Value;
  readonly config: Value;
  readonly private: PrivateState;
  readonly identity?: ValueRecord;
}
export interface PlanAnswer extends Diagnosed {
  readonly planned: Value;
  readonly requiresReplace: readonly AttributePath[];
  readonly private?: PrivateState;
  readonly identity?: ValueRecord;
}
export interface ApplyRequest {
  readonly type: string;
  readonly prior: Value;
  readonly planned: Value;
  readonly config: Value;
  readonly private: PrivateState;
  readonly identity?: ValueRecord;
}
export interface ImportRequest {
  readonly type: string;
  /** Empty when the import is by identity. */
  readonly id: string;
  readonly identity?: ValueRecord;
}
export interface ImportAnswer extends Diagnosed {
  readonly imported: readonly {
    readonly type: string;
    readonly state: Value;
    readonly private?: PrivateState;
    readonly identity?: ValueRecord;
  }[];
}
export interface MoveRequest {
  readonly sourceProvider: string;
  readonly sourceType: string;
  readonly sourceVersion: number;
  /** The source's state as JSON text. */
  readonly json: string;
  readonly targetType: string;
}
export interface UpgradeIdentityRequest {
  readonly type: string;
  readonly version: number;
  readonly json: string;
}
export interface ListRequest extends TypedConfigRequest {
  /** Whether the values of the objects are wanted too. */
  readonly includeObject: boolean;
  /** The most objects wanted; 0 for all. */
  readonly limit: number;
  /** Aborted when nobody waits for the rest. */
  readonly signal: AbortSignal;
}
/** An object that was found, or what is to be said of those that were not. */
export interface ListEvent extends Diagnosed {
  readonly found?: {
    readonly identity: ValueRecord;
    readonly displayName: string;
    /** Its values as in the state, where they are wanted. */
    readonly object?: ValueRecord;
  };
}
export interface GenerateRequest {
  readonly type: string;
  readonly state: Value;
}
export interface OpenRequest extends TypedConfigRequest {
  /** Whether core supports deferring the opening. */
  readonly deferralAllowed?: boolean;
  /** Whether core refuses an answer with unknown values, as OpenTofu does. */
  readonly unknownRefused?: boolean;
}
export interface OpenAnswer extends EphemeralAnswer {
  readonly result: Value;
  /** Set when opening is deferred: whose configuration is not known yet. */
  readonly deferred?: 'resource' | 'provider';
}
export interface EphemeralRequest {
  readonly type: string;
  readonly private: PrivateState;
}
export interface EphemeralAnswer extends Diagnosed {
  readonly private?: PrivateState;
  /** When core should renew, if at all. */
  readonly renewAt?: Date;
}
export interface PlanActionRequest extends TypedConfigRequest {
  /** Whether core supports deferring the action. */
  readonly deferralAllowed?: boolean;
}
export interface PlanActionAnswer extends Diagnosed {
  /** Set when the action is deferred, because the configuration of the provider is not known yet. */
  readonly deferred?: 'provider';
}
export interface InvokeRequest extends TypedConfigRequest {
  /** Tells the user what is being done; called while the action runs. */
  progress(message: string): void;
  /** Aborted when the caller no longer wants the action. */
  readonly signal: AbortSignal;
}
export interface CallRequest {
  readonly name: string;
  readonly arguments: readonly Value[];
}
export interface CallAnswer {
  readonly result?: Value;
  readonly error?: { readonly text: string; readonly argument?: number };
}
