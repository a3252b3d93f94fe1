// Generated from src/protocol/*.proto by scripts/generate-codecs.ts. Do not edit.
import type { Codec, Init } from '../wire/codec';
import type { Reader } from '../wire/reader';
import type { Writer } from '../wire/writer';

type Open<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] extends Readonly<Record<string, infer Item>> ? (string extends keyof T[Key] ? Record<string, Item> : T[Key]) : T[Key] };
const EMPTY = Buffer.alloc(0);

export const StringKind = { PLAIN: 0, MARKDOWN: 1 } as const;

export interface ActionSchema {
  readonly schema?: Schema | undefined;
}

export const ActionSchema: Codec<ActionSchema> = {
  encode(m: Init<ActionSchema>, w: Writer): void {
    if (m.schema !== undefined) { w.u8(10); { const to = w.open(); Schema.encode(m.schema, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ActionSchema {
    const m: Open<ActionSchema> = { schema: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.schema = Schema.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ApplyResourceChangeRequest {
  readonly typeName: string;
  readonly priorState?: DynamicValue | undefined;
  readonly plannedState?: DynamicValue | undefined;
  readonly config?: DynamicValue | undefined;
  readonly plannedPrivate: Uint8Array;
  readonly providerMeta?: DynamicValue | undefined;
  readonly plannedIdentity?: ResourceIdentityData | undefined;
}

export const ApplyResourceChangeRequest: Codec<ApplyResourceChangeRequest> = {
  encode(m: Init<ApplyResourceChangeRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.priorState !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.priorState, w); w.close(to); } }
    if (m.plannedState !== undefined) { w.u8(26); { const to = w.open(); DynamicValue.encode(m.plannedState, w); w.close(to); } }
    if (m.config !== undefined) { w.u8(34); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.plannedPrivate !== undefined && m.plannedPrivate.length > 0) { w.u8(42); w.blob(m.plannedPrivate); }
    if (m.providerMeta !== undefined) { w.u8(50); { const to = w.open(); DynamicValue.encode(m.providerMeta, w); w.close(to); } }
    if (m.plannedIdentity !== undefined) { w.u8(58); { const to = w.open(); ResourceIdentityData.encode(m.plannedIdentity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ApplyResourceChangeRequest {
    const m: Open<ApplyResourceChangeRequest> = { typeName: '', priorState: undefined, plannedState: undefined, config: undefined, plannedPrivate: EMPTY, providerMeta: undefined, plannedIdentity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.priorState = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.plannedState = DynamicValue.decode(r, to); break; }
        case 34: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 42: m.plannedPrivate = r.blob(); break;
        case 50: { const to = r.until(); m.providerMeta = DynamicValue.decode(r, to); break; }
        case 58: { const to = r.until(); m.plannedIdentity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ApplyResourceChangeResponse {
  readonly newState?: DynamicValue | undefined;
  readonly private: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
  readonly legacyTypeSystem: boolean;
  readonly newIdentity?: ResourceIdentityData | undefined;
}

export const ApplyResourceChangeResponse: Codec<ApplyResourceChangeResponse> = {
  encode(m: Init<ApplyResourceChangeResponse>, w: Writer): void {
    if (m.newState !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.newState, w); w.close(to); } }
    if (m.private !== undefined && m.private.length > 0) { w.u8(18); w.blob(m.private); }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(26); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.legacyTypeSystem) { w.u8(32); w.bool(m.legacyTypeSystem); }
    if (m.newIdentity !== undefined) { w.u8(42); { const to = w.open(); ResourceIdentityData.encode(m.newIdentity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ApplyResourceChangeResponse {
    const m: Open<ApplyResourceChangeResponse> = { newState: undefined, private: EMPTY, diagnostics: [], legacyTypeSystem: false, newIdentity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.newState = DynamicValue.decode(r, to); break; }
        case 18: m.private = r.blob(); break;
        case 26: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 32: m.legacyTypeSystem = r.bool(); break;
        case 42: { const to = r.until(); m.newIdentity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface AttributePath {
  readonly steps: readonly AttributePathStep[];
}

export const AttributePath: Codec<AttributePath> = {
  encode(m: Init<AttributePath>, w: Writer): void {
    if (m.steps) for (const item of m.steps) { w.u8(10); { const to = w.open(); AttributePathStep.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): AttributePath {
    const m: Open<AttributePath> = { steps: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.steps.push(AttributePathStep.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface AttributePathStep {
  readonly attributeName?: string | undefined;
  readonly elementKeyString?: string | undefined;
  readonly elementKeyInt?: number | bigint | undefined;
}

export const AttributePathStep: Codec<AttributePathStep> = {
  encode(m: Init<AttributePathStep>, w: Writer): void {
    if (m.attributeName !== undefined) { w.u8(10); w.string(m.attributeName); }
    if (m.elementKeyString !== undefined) { w.u8(18); w.string(m.elementKeyString); }
    if (m.elementKeyInt !== undefined) { w.u8(24); w.int64(m.elementKeyInt); }
  },
  decode(r: Reader, end: number): AttributePathStep {
    const m: Open<AttributePathStep> = { attributeName: undefined, elementKeyString: undefined, elementKeyInt: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.attributeName = r.string(); break;
        case 18: m.elementKeyString = r.string(); break;
        case 24: m.elementKeyInt = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface CallFunctionRequest {
  readonly name: string;
  readonly arguments: readonly DynamicValue[];
}

export const CallFunctionRequest: Codec<CallFunctionRequest> = {
  encode(m: Init<CallFunctionRequest>, w: Writer): void {
    if (m.name) { w.u8(10); w.string(m.name); }
    if (m.arguments) for (const item of m.arguments) { w.u8(18); { const to = w.open(); DynamicValue.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): CallFunctionRequest {
    const m: Open<CallFunctionRequest> = { name: '', arguments: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.name = r.string(); break;
        case 18: { const to = r.until(); m.arguments.push(DynamicValue.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface CallFunctionResponse {
  readonly result?: DynamicValue | undefined;
  readonly error?: FunctionError | undefined;
}

export const CallFunctionResponse: Codec<CallFunctionResponse> = {
  encode(m: Init<CallFunctionResponse>, w: Writer): void {
    if (m.result !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.result, w); w.close(to); } }
    if (m.error !== undefined) { w.u8(18); { const to = w.open(); FunctionError.encode(m.error, w); w.close(to); } }
  },
  decode(r: Reader, end: number): CallFunctionResponse {
    const m: Open<CallFunctionResponse> = { result: undefined, error: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.result = DynamicValue.decode(r, to); break; }
        case 18: { const to = r.until(); m.error = FunctionError.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ClientCapabilities {
  readonly deferralAllowed: boolean;
  readonly writeOnlyAttributesAllowed: boolean;
}

export const ClientCapabilities: Codec<ClientCapabilities> = {
  encode(m: Init<ClientCapabilities>, w: Writer): void {
    if (m.deferralAllowed) { w.u8(8); w.bool(m.deferralAllowed); }
    if (m.writeOnlyAttributesAllowed) { w.u8(16); w.bool(m.writeOnlyAttributesAllowed); }
  },
  decode(r: Reader, end: number): ClientCapabilities {
    const m: Open<ClientCapabilities> = { deferralAllowed: false, writeOnlyAttributesAllowed: false };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.deferralAllowed = r.bool(); break;
        case 16: m.writeOnlyAttributesAllowed = r.bool(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface CloseEphemeralResourceRequest {
  readonly typeName: string;
  readonly private?: Uint8Array | undefined;
}

export const CloseEphemeralResourceRequest: Codec<CloseEphemeralResourceRequest> = {
  encode(m: Init<CloseEphemeralResourceRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.private !== undefined) { w.u8(18); w.blob(m.private); }
  },
  decode(r: Reader, end: number): CloseEphemeralResourceRequest {
    const m: Open<CloseEphemeralResourceRequest> = { typeName: '', private: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: m.private = r.blob(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface CloseEphemeralResourceResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const CloseEphemeralResourceResponse: Codec<CloseEphemeralResourceResponse> = {
  encode(m: Init<CloseEphemeralResourceResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): CloseEphemeralResourceResponse {
    const m: Open<CloseEphemeralResourceResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ConfigureProviderRequest {
  readonly terraformVersion: string;
  readonly config?: DynamicValue | undefined;
  readonly clientCapabilities?: ClientCapabilities | undefined;
}

export const ConfigureProviderRequest: Codec<ConfigureProviderRequest> = {
  encode(m: Init<ConfigureProviderRequest>, w: Writer): void {
    if (m.terraformVersion) { w.u8(10); w.string(m.terraformVersion); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.clientCapabilities !== undefined) { w.u8(26); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ConfigureProviderRequest {
    const m: Open<ConfigureProviderRequest> = { terraformVersion: '', config: undefined, clientCapabilities: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.terraformVersion = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ConfigureProviderResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const ConfigureProviderResponse: Codec<ConfigureProviderResponse> = {
  encode(m: Init<ConfigureProviderResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ConfigureProviderResponse {
    const m: Open<ConfigureProviderResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ConfigureStateStoreRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
  readonly capabilities?: StateStoreClientCapabilities | undefined;
}

export const ConfigureStateStoreRequest: Codec<ConfigureStateStoreRequest> = {
  encode(m: Init<ConfigureStateStoreRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.capabilities !== undefined) { w.u8(26); { const to = w.open(); StateStoreClientCapabilities.encode(m.capabilities, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ConfigureStateStoreRequest {
    const m: Open<ConfigureStateStoreRequest> = { typeName: '', config: undefined, capabilities: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.capabilities = StateStoreClientCapabilities.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ConfigureStateStoreResponse {
  readonly diagnostics: readonly Diagnostic[];
  readonly capabilities?: StateStoreServerCapabilities | undefined;
}

export const ConfigureStateStoreResponse: Codec<ConfigureStateStoreResponse> = {
  encode(m: Init<ConfigureStateStoreResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.capabilities !== undefined) { w.u8(18); { const to = w.open(); StateStoreServerCapabilities.encode(m.capabilities, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ConfigureStateStoreResponse {
    const m: Open<ConfigureStateStoreResponse> = { diagnostics: [], capabilities: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 18: { const to = r.until(); m.capabilities = StateStoreServerCapabilities.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export const DeferredReason = { UNKNOWN: 0, RESOURCE_CONFIG_UNKNOWN: 1, PROVIDER_CONFIG_UNKNOWN: 2, ABSENT_PREREQ: 3 } as const;

export interface Deferred {
  readonly reason: number;
}

export const Deferred: Codec<Deferred> = {
  encode(m: Init<Deferred>, w: Writer): void {
    if (m.reason) { w.u8(8); w.int64(m.reason); }
  },
  decode(r: Reader, end: number): Deferred {
    const m: Open<Deferred> = { reason: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.reason = r.int32(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface DeleteStateRequest {
  readonly typeName: string;
  readonly stateId: string;
}

export const DeleteStateRequest: Codec<DeleteStateRequest> = {
  encode(m: Init<DeleteStateRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.stateId) { w.u8(18); w.string(m.stateId); }
  },
  decode(r: Reader, end: number): DeleteStateRequest {
    const m: Open<DeleteStateRequest> = { typeName: '', stateId: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: m.stateId = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface DeleteStateResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const DeleteStateResponse: Codec<DeleteStateResponse> = {
  encode(m: Init<DeleteStateResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): DeleteStateResponse {
    const m: Open<DeleteStateResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export const DiagnosticSeverity = { INVALID: 0, ERROR: 1, WARNING: 2 } as const;

export interface Diagnostic {
  readonly severity: number;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePath | undefined;
}

export const Diagnostic: Codec<Diagnostic> = {
  encode(m: Init<Diagnostic>, w: Writer): void {
    if (m.severity) { w.u8(8); w.int64(m.severity); }
    if (m.summary) { w.u8(18); w.string(m.summary); }
    if (m.detail) { w.u8(26); w.string(m.detail); }
    if (m.attribute !== undefined) { w.u8(34); { const to = w.open(); AttributePath.encode(m.attribute, w); w.close(to); } }
  },
  decode(r: Reader, end: number): Diagnostic {
    const m: Open<Diagnostic> = { severity: 0, summary: '', detail: '', attribute: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.severity = r.int32(); break;
        case 18: m.summary = r.string(); break;
        case 26: m.detail = r.string(); break;
        case 34: { const to = r.until(); m.attribute = AttributePath.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface DynamicValue {
  readonly msgpack: Uint8Array;
  readonly json: Uint8Array;
}

export const DynamicValue: Codec<DynamicValue> = {
  encode(m: Init<DynamicValue>, w: Writer): void {
    if (m.msgpack !== undefined && m.msgpack.length > 0) { w.u8(10); w.blob(m.msgpack); }
    if (m.json !== undefined && m.json.length > 0) { w.u8(18); w.blob(m.json); }
  },
  decode(r: Reader, end: number): DynamicValue {
    const m: Open<DynamicValue> = { msgpack: EMPTY, json: EMPTY };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.msgpack = r.blob(); break;
        case 18: m.json = r.blob(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export type Empty = Record<never, never>;

export const Empty: Codec<Empty> = {
  encode() {},
  decode(r: Reader, end: number): Empty {
    const m = {};
    while (r.pos < end) {
      const tag = r.uint32();
      r.skip(tag);
    }
    r.closed(end);
    return m;
  },
};

export interface Function {
  readonly parameters: readonly FunctionParameter[];
  readonly variadicParameter?: FunctionParameter | undefined;
  readonly return?: FunctionReturn | undefined;
  readonly summary: string;
  readonly description: string;
  readonly descriptionKind: number;
  readonly deprecationMessage: string;
}

export const Function: Codec<Function> = {
  encode(m: Init<Function>, w: Writer): void {
    if (m.parameters) for (const item of m.parameters) { w.u8(10); { const to = w.open(); FunctionParameter.encode(item, w); w.close(to); } }
    if (m.variadicParameter !== undefined) { w.u8(18); { const to = w.open(); FunctionParameter.encode(m.variadicParameter, w); w.close(to); } }
    if (m.return !== undefined) { w.u8(26); { const to = w.open(); FunctionReturn.encode(m.return, w); w.close(to); } }
    if (m.summary) { w.u8(34); w.string(m.summary); }
    if (m.description) { w.u8(42); w.string(m.description); }
    if (m.descriptionKind) { w.u8(48); w.int64(m.descriptionKind); }
    if (m.deprecationMessage) { w.u8(58); w.string(m.deprecationMessage); }
  },
  decode(r: Reader, end: number): Function {
    const m: Open<Function> = { parameters: [], variadicParameter: undefined, return: undefined, summary: '', description: '', descriptionKind: 0, deprecationMessage: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.parameters.push(FunctionParameter.decode(r, to)); break; }
        case 18: { const to = r.until(); m.variadicParameter = FunctionParameter.decode(r, to); break; }
        case 26: { const to = r.until(); m.return = FunctionReturn.decode(r, to); break; }
        case 34: m.summary = r.string(); break;
        case 42: m.description = r.string(); break;
        case 48: m.descriptionKind = r.int32(); break;
        case 58: m.deprecationMessage = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface FunctionError {
  readonly text: string;
  readonly functionArgument?: number | bigint | undefined;
}

export const FunctionError: Codec<FunctionError> = {
  encode(m: Init<FunctionError>, w: Writer): void {
    if (m.text) { w.u8(10); w.string(m.text); }
    if (m.functionArgument !== undefined) { w.u8(16); w.int64(m.functionArgument); }
  },
  decode(r: Reader, end: number): FunctionError {
    const m: Open<FunctionError> = { text: '', functionArgument: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.text = r.string(); break;
        case 16: m.functionArgument = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface FunctionParameter {
  readonly name: string;
  readonly type: Uint8Array;
  readonly allowNullValue: boolean;
  readonly allowUnknownValues: boolean;
  readonly description: string;
  readonly descriptionKind: number;
}

export const FunctionParameter: Codec<FunctionParameter> = {
  encode(m: Init<FunctionParameter>, w: Writer): void {
    if (m.name) { w.u8(10); w.string(m.name); }
    if (m.type !== undefined && m.type.length > 0) { w.u8(18); w.blob(m.type); }
    if (m.allowNullValue) { w.u8(24); w.bool(m.allowNullValue); }
    if (m.allowUnknownValues) { w.u8(32); w.bool(m.allowUnknownValues); }
    if (m.description) { w.u8(42); w.string(m.description); }
    if (m.descriptionKind) { w.u8(48); w.int64(m.descriptionKind); }
  },
  decode(r: Reader, end: number): FunctionParameter {
    const m: Open<FunctionParameter> = { name: '', type: EMPTY, allowNullValue: false, allowUnknownValues: false, description: '', descriptionKind: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.name = r.string(); break;
        case 18: m.type = r.blob(); break;
        case 24: m.allowNullValue = r.bool(); break;
        case 32: m.allowUnknownValues = r.bool(); break;
        case 42: m.description = r.string(); break;
        case 48: m.descriptionKind = r.int32(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface FunctionReturn {
  readonly type: Uint8Array;
}

export const FunctionReturn: Codec<FunctionReturn> = {
  encode(m: Init<FunctionReturn>, w: Writer): void {
    if (m.type !== undefined && m.type.length > 0) { w.u8(10); w.blob(m.type); }
  },
  decode(r: Reader, end: number): FunctionReturn {
    const m: Open<FunctionReturn> = { type: EMPTY };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.type = r.blob(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GenerateResourceConfigRequest {
  readonly typeName: string;
  readonly state?: DynamicValue | undefined;
}

export const GenerateResourceConfigRequest: Codec<GenerateResourceConfigRequest> = {
  encode(m: Init<GenerateResourceConfigRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.state !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.state, w); w.close(to); } }
  },
  decode(r: Reader, end: number): GenerateResourceConfigRequest {
    const m: Open<GenerateResourceConfigRequest> = { typeName: '', state: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.state = DynamicValue.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GenerateResourceConfigResponse {
  readonly config?: DynamicValue | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export const GenerateResourceConfigResponse: Codec<GenerateResourceConfigResponse> = {
  encode(m: Init<GenerateResourceConfigResponse>, w: Writer): void {
    if (m.config !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): GenerateResourceConfigResponse {
    const m: Open<GenerateResourceConfigResponse> = { config: undefined, diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export type GetFunctionsRequest = Record<never, never>;

export const GetFunctionsRequest: Codec<GetFunctionsRequest> = {
  encode() {},
  decode(r: Reader, end: number): GetFunctionsRequest {
    const m = {};
    while (r.pos < end) {
      const tag = r.uint32();
      r.skip(tag);
    }
    r.closed(end);
    return m;
  },
};

export interface GetFunctionsResponse {
  readonly functions: Readonly<Record<string, Function>>;
  readonly diagnostics: readonly Diagnostic[];
}

export const GetFunctionsResponse: Codec<GetFunctionsResponse> = {
  encode(m: Init<GetFunctionsResponse>, w: Writer): void {
    if (m.functions) for (const key in m.functions) {
      const item = m.functions[key];
      if (item === undefined) continue;
      w.u8(10); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); Function.encode(item, w); w.close(to); } w.close(at);
    }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): GetFunctionsResponse {
    const m: Open<GetFunctionsResponse> = { functions: Object.create(null), diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: {
          const last = r.until();
          let key = ''; let item: Function | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = Function.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.functions[key] = item;
          break;
        }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetMetadataActionMetadata {
  readonly typeName: string;
}

export const GetMetadataActionMetadata: Codec<GetMetadataActionMetadata> = {
  encode(m: Init<GetMetadataActionMetadata>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
  },
  decode(r: Reader, end: number): GetMetadataActionMetadata {
    const m: Open<GetMetadataActionMetadata> = { typeName: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetMetadataDataSourceMetadata {
  readonly typeName: string;
}

export const GetMetadataDataSourceMetadata: Codec<GetMetadataDataSourceMetadata> = {
  encode(m: Init<GetMetadataDataSourceMetadata>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
  },
  decode(r: Reader, end: number): GetMetadataDataSourceMetadata {
    const m: Open<GetMetadataDataSourceMetadata> = { typeName: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetMetadataEphemeralResourceMetadata {
  readonly typeName: string;
}

export const GetMetadataEphemeralResourceMetadata: Codec<GetMetadataEphemeralResourceMetadata> = {
  encode(m: Init<GetMetadataEphemeralResourceMetadata>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
  },
  decode(r: Reader, end: number): GetMetadataEphemeralResourceMetadata {
    const m: Open<GetMetadataEphemeralResourceMetadata> = { typeName: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetMetadataFunctionMetadata {
  readonly name: string;
}

export const GetMetadataFunctionMetadata: Codec<GetMetadataFunctionMetadata> = {
  encode(m: Init<GetMetadataFunctionMetadata>, w: Writer): void {
    if (m.name) { w.u8(10); w.string(m.name); }
  },
  decode(r: Reader, end: number): GetMetadataFunctionMetadata {
    const m: Open<GetMetadataFunctionMetadata> = { name: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.name = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetMetadataListResourceMetadata {
  readonly typeName: string;
}

export const GetMetadataListResourceMetadata: Codec<GetMetadataListResourceMetadata> = {
  encode(m: Init<GetMetadataListResourceMetadata>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
  },
  decode(r: Reader, end: number): GetMetadataListResourceMetadata {
    const m: Open<GetMetadataListResourceMetadata> = { typeName: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export type GetMetadataRequest = Record<never, never>;

export const GetMetadataRequest: Codec<GetMetadataRequest> = {
  encode() {},
  decode(r: Reader, end: number): GetMetadataRequest {
    const m = {};
    while (r.pos < end) {
      const tag = r.uint32();
      r.skip(tag);
    }
    r.closed(end);
    return m;
  },
};

export interface GetMetadataResourceMetadata {
  readonly typeName: string;
}

export const GetMetadataResourceMetadata: Codec<GetMetadataResourceMetadata> = {
  encode(m: Init<GetMetadataResourceMetadata>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
  },
  decode(r: Reader, end: number): GetMetadataResourceMetadata {
    const m: Open<GetMetadataResourceMetadata> = { typeName: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetMetadataResponse {
  readonly serverCapabilities?: ServerCapabilities | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly dataSources: readonly GetMetadataDataSourceMetadata[];
  readonly resources: readonly GetMetadataResourceMetadata[];
  readonly functions: readonly GetMetadataFunctionMetadata[];
  readonly ephemeralResources: readonly GetMetadataEphemeralResourceMetadata[];
  readonly listResources: readonly GetMetadataListResourceMetadata[];
  readonly stateStores: readonly GetMetadataStateStoreMetadata[];
  readonly actions: readonly GetMetadataActionMetadata[];
}

export const GetMetadataResponse: Codec<GetMetadataResponse> = {
  encode(m: Init<GetMetadataResponse>, w: Writer): void {
    if (m.serverCapabilities !== undefined) { w.u8(10); { const to = w.open(); ServerCapabilities.encode(m.serverCapabilities, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.dataSources) for (const item of m.dataSources) { w.u8(26); { const to = w.open(); GetMetadataDataSourceMetadata.encode(item, w); w.close(to); } }
    if (m.resources) for (const item of m.resources) { w.u8(34); { const to = w.open(); GetMetadataResourceMetadata.encode(item, w); w.close(to); } }
    if (m.functions) for (const item of m.functions) { w.u8(42); { const to = w.open(); GetMetadataFunctionMetadata.encode(item, w); w.close(to); } }
    if (m.ephemeralResources) for (const item of m.ephemeralResources) { w.u8(50); { const to = w.open(); GetMetadataEphemeralResourceMetadata.encode(item, w); w.close(to); } }
    if (m.listResources) for (const item of m.listResources) { w.u8(58); { const to = w.open(); GetMetadataListResourceMetadata.encode(item, w); w.close(to); } }
    if (m.stateStores) for (const item of m.stateStores) { w.u8(66); { const to = w.open(); GetMetadataStateStoreMetadata.encode(item, w); w.close(to); } }
    if (m.actions) for (const item of m.actions) { w.u8(74); { const to = w.open(); GetMetadataActionMetadata.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): GetMetadataResponse {
    const m: Open<GetMetadataResponse> = { serverCapabilities: undefined, diagnostics: [], dataSources: [], resources: [], functions: [], ephemeralResources: [], listResources: [], stateStores: [], actions: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.serverCapabilities = ServerCapabilities.decode(r, to); break; }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 26: { const to = r.until(); m.dataSources.push(GetMetadataDataSourceMetadata.decode(r, to)); break; }
        case 34: { const to = r.until(); m.resources.push(GetMetadataResourceMetadata.decode(r, to)); break; }
        case 42: { const to = r.until(); m.functions.push(GetMetadataFunctionMetadata.decode(r, to)); break; }
        case 50: { const to = r.until(); m.ephemeralResources.push(GetMetadataEphemeralResourceMetadata.decode(r, to)); break; }
        case 58: { const to = r.until(); m.listResources.push(GetMetadataListResourceMetadata.decode(r, to)); break; }
        case 66: { const to = r.until(); m.stateStores.push(GetMetadataStateStoreMetadata.decode(r, to)); break; }
        case 74: { const to = r.until(); m.actions.push(GetMetadataActionMetadata.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetMetadataStateStoreMetadata {
  readonly typeName: string;
}

export const GetMetadataStateStoreMetadata: Codec<GetMetadataStateStoreMetadata> = {
  encode(m: Init<GetMetadataStateStoreMetadata>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
  },
  decode(r: Reader, end: number): GetMetadataStateStoreMetadata {
    const m: Open<GetMetadataStateStoreMetadata> = { typeName: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export type GetProviderSchemaRequest = Record<never, never>;

export const GetProviderSchemaRequest: Codec<GetProviderSchemaRequest> = {
  encode() {},
  decode(r: Reader, end: number): GetProviderSchemaRequest {
    const m = {};
    while (r.pos < end) {
      const tag = r.uint32();
      r.skip(tag);
    }
    r.closed(end);
    return m;
  },
};

export interface GetProviderSchemaResponse {
  readonly provider?: Schema | undefined;
  readonly resourceSchemas: Readonly<Record<string, Schema>>;
  readonly dataSourceSchemas: Readonly<Record<string, Schema>>;
  readonly diagnostics: readonly Diagnostic[];
  readonly providerMeta?: Schema | undefined;
  readonly serverCapabilities?: ServerCapabilities | undefined;
  readonly functions: Readonly<Record<string, Function>>;
  readonly ephemeralResourceSchemas: Readonly<Record<string, Schema>>;
  readonly listResourceSchemas: Readonly<Record<string, Schema>>;
  readonly stateStoreSchemas: Readonly<Record<string, Schema>>;
  readonly actionSchemas: Readonly<Record<string, ActionSchema>>;
}

export const GetProviderSchemaResponse: Codec<GetProviderSchemaResponse> = {
  encode(m: Init<GetProviderSchemaResponse>, w: Writer): void {
    if (m.provider !== undefined) { w.u8(10); { const to = w.open(); Schema.encode(m.provider, w); w.close(to); } }
    if (m.resourceSchemas) for (const key in m.resourceSchemas) {
      const item = m.resourceSchemas[key];
      if (item === undefined) continue;
      w.u8(18); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); Schema.encode(item, w); w.close(to); } w.close(at);
    }
    if (m.dataSourceSchemas) for (const key in m.dataSourceSchemas) {
      const item = m.dataSourceSchemas[key];
      if (item === undefined) continue;
      w.u8(26); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); Schema.encode(item, w); w.close(to); } w.close(at);
    }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(34); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.providerMeta !== undefined) { w.u8(42); { const to = w.open(); Schema.encode(m.providerMeta, w); w.close(to); } }
    if (m.serverCapabilities !== undefined) { w.u8(50); { const to = w.open(); ServerCapabilities.encode(m.serverCapabilities, w); w.close(to); } }
    if (m.functions) for (const key in m.functions) {
      const item = m.functions[key];
      if (item === undefined) continue;
      w.u8(58); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); Function.encode(item, w); w.close(to); } w.close(at);
    }
    if (m.ephemeralResourceSchemas) for (const key in m.ephemeralResourceSchemas) {
      const item = m.ephemeralResourceSchemas[key];
      if (item === undefined) continue;
      w.u8(66); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); Schema.encode(item, w); w.close(to); } w.close(at);
    }
    if (m.listResourceSchemas) for (const key in m.listResourceSchemas) {
      const item = m.listResourceSchemas[key];
      if (item === undefined) continue;
      w.u8(74); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); Schema.encode(item, w); w.close(to); } w.close(at);
    }
    if (m.stateStoreSchemas) for (const key in m.stateStoreSchemas) {
      const item = m.stateStoreSchemas[key];
      if (item === undefined) continue;
      w.u8(82); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); Schema.encode(item, w); w.close(to); } w.close(at);
    }
    if (m.actionSchemas) for (const key in m.actionSchemas) {
      const item = m.actionSchemas[key];
      if (item === undefined) continue;
      w.u8(90); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); ActionSchema.encode(item, w); w.close(to); } w.close(at);
    }
  },
  decode(r: Reader, end: number): GetProviderSchemaResponse {
    const m: Open<GetProviderSchemaResponse> = { provider: undefined, resourceSchemas: Object.create(null), dataSourceSchemas: Object.create(null), diagnostics: [], providerMeta: undefined, serverCapabilities: undefined, functions: Object.create(null), ephemeralResourceSchemas: Object.create(null), listResourceSchemas: Object.create(null), stateStoreSchemas: Object.create(null), actionSchemas: Object.create(null) };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.provider = Schema.decode(r, to); break; }
        case 18: {
          const last = r.until();
          let key = ''; let item: Schema | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = Schema.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.resourceSchemas[key] = item;
          break;
        }
        case 26: {
          const last = r.until();
          let key = ''; let item: Schema | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = Schema.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.dataSourceSchemas[key] = item;
          break;
        }
        case 34: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 42: { const to = r.until(); m.providerMeta = Schema.decode(r, to); break; }
        case 50: { const to = r.until(); m.serverCapabilities = ServerCapabilities.decode(r, to); break; }
        case 58: {
          const last = r.until();
          let key = ''; let item: Function | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = Function.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.functions[key] = item;
          break;
        }
        case 66: {
          const last = r.until();
          let key = ''; let item: Schema | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = Schema.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.ephemeralResourceSchemas[key] = item;
          break;
        }
        case 74: {
          const last = r.until();
          let key = ''; let item: Schema | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = Schema.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.listResourceSchemas[key] = item;
          break;
        }
        case 82: {
          const last = r.until();
          let key = ''; let item: Schema | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = Schema.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.stateStoreSchemas[key] = item;
          break;
        }
        case 90: {
          const last = r.until();
          let key = ''; let item: ActionSchema | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = ActionSchema.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.actionSchemas[key] = item;
          break;
        }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export type GetResourceIdentitySchemasRequest = Record<never, never>;

export const GetResourceIdentitySchemasRequest: Codec<GetResourceIdentitySchemasRequest> = {
  encode() {},
  decode(r: Reader, end: number): GetResourceIdentitySchemasRequest {
    const m = {};
    while (r.pos < end) {
      const tag = r.uint32();
      r.skip(tag);
    }
    r.closed(end);
    return m;
  },
};

export interface GetResourceIdentitySchemasResponse {
  readonly identitySchemas: Readonly<Record<string, ResourceIdentitySchema>>;
  readonly diagnostics: readonly Diagnostic[];
}

export const GetResourceIdentitySchemasResponse: Codec<GetResourceIdentitySchemasResponse> = {
  encode(m: Init<GetResourceIdentitySchemasResponse>, w: Writer): void {
    if (m.identitySchemas) for (const key in m.identitySchemas) {
      const item = m.identitySchemas[key];
      if (item === undefined) continue;
      w.u8(10); const at = w.open(); w.u8(10); w.string(key); w.u8(18); { const to = w.open(); ResourceIdentitySchema.encode(item, w); w.close(to); } w.close(at);
    }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): GetResourceIdentitySchemasResponse {
    const m: Open<GetResourceIdentitySchemasResponse> = { identitySchemas: Object.create(null), diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: {
          const last = r.until();
          let key = ''; let item: ResourceIdentitySchema | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) { const to = r.until(); item = ResourceIdentitySchema.decode(r, to); } else r.skip(part);
          }
          r.closed(last);
          if (item !== undefined) m.identitySchemas[key] = item;
          break;
        }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetStatesRequest {
  readonly typeName: string;
}

export const GetStatesRequest: Codec<GetStatesRequest> = {
  encode(m: Init<GetStatesRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
  },
  decode(r: Reader, end: number): GetStatesRequest {
    const m: Open<GetStatesRequest> = { typeName: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface GetStatesResponse {
  readonly stateIds: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export const GetStatesResponse: Codec<GetStatesResponse> = {
  encode(m: Init<GetStatesResponse>, w: Writer): void {
    if (m.stateIds) for (const item of m.stateIds) { w.u8(10); w.string(item); }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): GetStatesResponse {
    const m: Open<GetStatesResponse> = { stateIds: [], diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.stateIds.push(r.string()); break;
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface HealthCheckRequest {
  readonly service: string;
}

export const HealthCheckRequest: Codec<HealthCheckRequest> = {
  encode(m: Init<HealthCheckRequest>, w: Writer): void {
    if (m.service) { w.u8(10); w.string(m.service); }
  },
  decode(r: Reader, end: number): HealthCheckRequest {
    const m: Open<HealthCheckRequest> = { service: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.service = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export const HealthCheckResponseServingStatus = { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const;

export interface HealthCheckResponse {
  readonly status: number;
}

export const HealthCheckResponse: Codec<HealthCheckResponse> = {
  encode(m: Init<HealthCheckResponse>, w: Writer): void {
    if (m.status) { w.u8(8); w.int64(m.status); }
  },
  decode(r: Reader, end: number): HealthCheckResponse {
    const m: Open<HealthCheckResponse> = { status: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.status = r.int32(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ImportResourceStateImportedResource {
  readonly typeName: string;
  readonly state?: DynamicValue | undefined;
  readonly private: Uint8Array;
  readonly identity?: ResourceIdentityData | undefined;
}

export const ImportResourceStateImportedResource: Codec<ImportResourceStateImportedResource> = {
  encode(m: Init<ImportResourceStateImportedResource>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.state !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.state, w); w.close(to); } }
    if (m.private !== undefined && m.private.length > 0) { w.u8(26); w.blob(m.private); }
    if (m.identity !== undefined) { w.u8(34); { const to = w.open(); ResourceIdentityData.encode(m.identity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ImportResourceStateImportedResource {
    const m: Open<ImportResourceStateImportedResource> = { typeName: '', state: undefined, private: EMPTY, identity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.state = DynamicValue.decode(r, to); break; }
        case 26: m.private = r.blob(); break;
        case 34: { const to = r.until(); m.identity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ImportResourceStateRequest {
  readonly typeName: string;
  readonly id: string;
  readonly clientCapabilities?: ClientCapabilities | undefined;
  readonly identity?: ResourceIdentityData | undefined;
}

export const ImportResourceStateRequest: Codec<ImportResourceStateRequest> = {
  encode(m: Init<ImportResourceStateRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.id) { w.u8(18); w.string(m.id); }
    if (m.clientCapabilities !== undefined) { w.u8(26); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
    if (m.identity !== undefined) { w.u8(34); { const to = w.open(); ResourceIdentityData.encode(m.identity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ImportResourceStateRequest {
    const m: Open<ImportResourceStateRequest> = { typeName: '', id: '', clientCapabilities: undefined, identity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: m.id = r.string(); break;
        case 26: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        case 34: { const to = r.until(); m.identity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ImportResourceStateResponse {
  readonly importedResources: readonly ImportResourceStateImportedResource[];
  readonly diagnostics: readonly Diagnostic[];
  readonly deferred?: Deferred | undefined;
}

export const ImportResourceStateResponse: Codec<ImportResourceStateResponse> = {
  encode(m: Init<ImportResourceStateResponse>, w: Writer): void {
    if (m.importedResources) for (const item of m.importedResources) { w.u8(10); { const to = w.open(); ImportResourceStateImportedResource.encode(item, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.deferred !== undefined) { w.u8(26); { const to = w.open(); Deferred.encode(m.deferred, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ImportResourceStateResponse {
    const m: Open<ImportResourceStateResponse> = { importedResources: [], diagnostics: [], deferred: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.importedResources.push(ImportResourceStateImportedResource.decode(r, to)); break; }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 26: { const to = r.until(); m.deferred = Deferred.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface InvokeActionEvent {
  readonly progress?: InvokeActionEventProgress | undefined;
  readonly completed?: InvokeActionEventCompleted | undefined;
}

export const InvokeActionEvent: Codec<InvokeActionEvent> = {
  encode(m: Init<InvokeActionEvent>, w: Writer): void {
    if (m.progress !== undefined) { w.u8(10); { const to = w.open(); InvokeActionEventProgress.encode(m.progress, w); w.close(to); } }
    if (m.completed !== undefined) { w.u8(18); { const to = w.open(); InvokeActionEventCompleted.encode(m.completed, w); w.close(to); } }
  },
  decode(r: Reader, end: number): InvokeActionEvent {
    const m: Open<InvokeActionEvent> = { progress: undefined, completed: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.progress = InvokeActionEventProgress.decode(r, to); break; }
        case 18: { const to = r.until(); m.completed = InvokeActionEventCompleted.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface InvokeActionEventCompleted {
  readonly diagnostics: readonly Diagnostic[];
}

export const InvokeActionEventCompleted: Codec<InvokeActionEventCompleted> = {
  encode(m: Init<InvokeActionEventCompleted>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): InvokeActionEventCompleted {
    const m: Open<InvokeActionEventCompleted> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface InvokeActionEventProgress {
  readonly message: string;
}

export const InvokeActionEventProgress: Codec<InvokeActionEventProgress> = {
  encode(m: Init<InvokeActionEventProgress>, w: Writer): void {
    if (m.message) { w.u8(10); w.string(m.message); }
  },
  decode(r: Reader, end: number): InvokeActionEventProgress {
    const m: Open<InvokeActionEventProgress> = { message: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.message = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface InvokeActionRequest {
  readonly actionType: string;
  readonly config?: DynamicValue | undefined;
  readonly clientCapabilities?: ClientCapabilities | undefined;
}

export const InvokeActionRequest: Codec<InvokeActionRequest> = {
  encode(m: Init<InvokeActionRequest>, w: Writer): void {
    if (m.actionType) { w.u8(10); w.string(m.actionType); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.clientCapabilities !== undefined) { w.u8(26); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
  },
  decode(r: Reader, end: number): InvokeActionRequest {
    const m: Open<InvokeActionRequest> = { actionType: '', config: undefined, clientCapabilities: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.actionType = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ListResourceEvent {
  readonly identity?: ResourceIdentityData | undefined;
  readonly displayName: string;
  readonly resourceObject?: DynamicValue | undefined;
  readonly diagnostic: readonly Diagnostic[];
}

export const ListResourceEvent: Codec<ListResourceEvent> = {
  encode(m: Init<ListResourceEvent>, w: Writer): void {
    if (m.identity !== undefined) { w.u8(10); { const to = w.open(); ResourceIdentityData.encode(m.identity, w); w.close(to); } }
    if (m.displayName) { w.u8(18); w.string(m.displayName); }
    if (m.resourceObject !== undefined) { w.u8(26); { const to = w.open(); DynamicValue.encode(m.resourceObject, w); w.close(to); } }
    if (m.diagnostic) for (const item of m.diagnostic) { w.u8(34); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ListResourceEvent {
    const m: Open<ListResourceEvent> = { identity: undefined, displayName: '', resourceObject: undefined, diagnostic: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.identity = ResourceIdentityData.decode(r, to); break; }
        case 18: m.displayName = r.string(); break;
        case 26: { const to = r.until(); m.resourceObject = DynamicValue.decode(r, to); break; }
        case 34: { const to = r.until(); m.diagnostic.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ListResourceRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
  readonly includeResourceObject: boolean;
  readonly limit: number | bigint;
}

export const ListResourceRequest: Codec<ListResourceRequest> = {
  encode(m: Init<ListResourceRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.includeResourceObject) { w.u8(24); w.bool(m.includeResourceObject); }
    if (m.limit != null && m.limit != 0) { w.u8(32); w.int64(m.limit); }
  },
  decode(r: Reader, end: number): ListResourceRequest {
    const m: Open<ListResourceRequest> = { typeName: '', config: undefined, includeResourceObject: false, limit: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 24: m.includeResourceObject = r.bool(); break;
        case 32: m.limit = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface LockStateRequest {
  readonly typeName: string;
  readonly stateId: string;
  readonly operation: string;
}

export const LockStateRequest: Codec<LockStateRequest> = {
  encode(m: Init<LockStateRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.stateId) { w.u8(18); w.string(m.stateId); }
    if (m.operation) { w.u8(26); w.string(m.operation); }
  },
  decode(r: Reader, end: number): LockStateRequest {
    const m: Open<LockStateRequest> = { typeName: '', stateId: '', operation: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: m.stateId = r.string(); break;
        case 26: m.operation = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface LockStateResponse {
  readonly lockId: string;
  readonly diagnostics: readonly Diagnostic[];
}

export const LockStateResponse: Codec<LockStateResponse> = {
  encode(m: Init<LockStateResponse>, w: Writer): void {
    if (m.lockId) { w.u8(10); w.string(m.lockId); }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): LockStateResponse {
    const m: Open<LockStateResponse> = { lockId: '', diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.lockId = r.string(); break;
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface MoveResourceStateRequest {
  readonly sourceProviderAddress: string;
  readonly sourceTypeName: string;
  readonly sourceSchemaVersion: number | bigint;
  readonly sourceState?: RawState | undefined;
  readonly targetTypeName: string;
  readonly sourcePrivate: Uint8Array;
  readonly sourceIdentity?: RawState | undefined;
  readonly sourceIdentitySchemaVersion: number | bigint;
}

export const MoveResourceStateRequest: Codec<MoveResourceStateRequest> = {
  encode(m: Init<MoveResourceStateRequest>, w: Writer): void {
    if (m.sourceProviderAddress) { w.u8(10); w.string(m.sourceProviderAddress); }
    if (m.sourceTypeName) { w.u8(18); w.string(m.sourceTypeName); }
    if (m.sourceSchemaVersion != null && m.sourceSchemaVersion != 0) { w.u8(24); w.int64(m.sourceSchemaVersion); }
    if (m.sourceState !== undefined) { w.u8(34); { const to = w.open(); RawState.encode(m.sourceState, w); w.close(to); } }
    if (m.targetTypeName) { w.u8(42); w.string(m.targetTypeName); }
    if (m.sourcePrivate !== undefined && m.sourcePrivate.length > 0) { w.u8(50); w.blob(m.sourcePrivate); }
    if (m.sourceIdentity !== undefined) { w.u8(58); { const to = w.open(); RawState.encode(m.sourceIdentity, w); w.close(to); } }
    if (m.sourceIdentitySchemaVersion != null && m.sourceIdentitySchemaVersion != 0) { w.u8(64); w.int64(m.sourceIdentitySchemaVersion); }
  },
  decode(r: Reader, end: number): MoveResourceStateRequest {
    const m: Open<MoveResourceStateRequest> = { sourceProviderAddress: '', sourceTypeName: '', sourceSchemaVersion: 0, sourceState: undefined, targetTypeName: '', sourcePrivate: EMPTY, sourceIdentity: undefined, sourceIdentitySchemaVersion: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.sourceProviderAddress = r.string(); break;
        case 18: m.sourceTypeName = r.string(); break;
        case 24: m.sourceSchemaVersion = r.int64(); break;
        case 34: { const to = r.until(); m.sourceState = RawState.decode(r, to); break; }
        case 42: m.targetTypeName = r.string(); break;
        case 50: m.sourcePrivate = r.blob(); break;
        case 58: { const to = r.until(); m.sourceIdentity = RawState.decode(r, to); break; }
        case 64: m.sourceIdentitySchemaVersion = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface MoveResourceStateResponse {
  readonly targetState?: DynamicValue | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly targetPrivate: Uint8Array;
  readonly targetIdentity?: ResourceIdentityData | undefined;
}

export const MoveResourceStateResponse: Codec<MoveResourceStateResponse> = {
  encode(m: Init<MoveResourceStateResponse>, w: Writer): void {
    if (m.targetState !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.targetState, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.targetPrivate !== undefined && m.targetPrivate.length > 0) { w.u8(26); w.blob(m.targetPrivate); }
    if (m.targetIdentity !== undefined) { w.u8(34); { const to = w.open(); ResourceIdentityData.encode(m.targetIdentity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): MoveResourceStateResponse {
    const m: Open<MoveResourceStateResponse> = { targetState: undefined, diagnostics: [], targetPrivate: EMPTY, targetIdentity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.targetState = DynamicValue.decode(r, to); break; }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 26: m.targetPrivate = r.blob(); break;
        case 34: { const to = r.until(); m.targetIdentity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface OpenEphemeralResourceRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
  readonly clientCapabilities?: ClientCapabilities | undefined;
}

export const OpenEphemeralResourceRequest: Codec<OpenEphemeralResourceRequest> = {
  encode(m: Init<OpenEphemeralResourceRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.clientCapabilities !== undefined) { w.u8(26); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
  },
  decode(r: Reader, end: number): OpenEphemeralResourceRequest {
    const m: Open<OpenEphemeralResourceRequest> = { typeName: '', config: undefined, clientCapabilities: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface OpenEphemeralResourceResponse {
  readonly diagnostics: readonly Diagnostic[];
  readonly renewAt?: Timestamp | undefined;
  readonly result?: DynamicValue | undefined;
  readonly private?: Uint8Array | undefined;
  readonly deferred?: Deferred | undefined;
}

export const OpenEphemeralResourceResponse: Codec<OpenEphemeralResourceResponse> = {
  encode(m: Init<OpenEphemeralResourceResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.renewAt !== undefined) { w.u8(18); { const to = w.open(); Timestamp.encode(m.renewAt, w); w.close(to); } }
    if (m.result !== undefined) { w.u8(26); { const to = w.open(); DynamicValue.encode(m.result, w); w.close(to); } }
    if (m.private !== undefined) { w.u8(34); w.blob(m.private); }
    if (m.deferred !== undefined) { w.u8(42); { const to = w.open(); Deferred.encode(m.deferred, w); w.close(to); } }
  },
  decode(r: Reader, end: number): OpenEphemeralResourceResponse {
    const m: Open<OpenEphemeralResourceResponse> = { diagnostics: [], renewAt: undefined, result: undefined, private: undefined, deferred: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 18: { const to = r.until(); m.renewAt = Timestamp.decode(r, to); break; }
        case 26: { const to = r.until(); m.result = DynamicValue.decode(r, to); break; }
        case 34: m.private = r.blob(); break;
        case 42: { const to = r.until(); m.deferred = Deferred.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface PlanActionRequest {
  readonly actionType: string;
  readonly config?: DynamicValue | undefined;
  readonly clientCapabilities?: ClientCapabilities | undefined;
}

export const PlanActionRequest: Codec<PlanActionRequest> = {
  encode(m: Init<PlanActionRequest>, w: Writer): void {
    if (m.actionType) { w.u8(10); w.string(m.actionType); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.clientCapabilities !== undefined) { w.u8(26); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
  },
  decode(r: Reader, end: number): PlanActionRequest {
    const m: Open<PlanActionRequest> = { actionType: '', config: undefined, clientCapabilities: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.actionType = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface PlanActionResponse {
  readonly diagnostics: readonly Diagnostic[];
  readonly deferred?: Deferred | undefined;
}

export const PlanActionResponse: Codec<PlanActionResponse> = {
  encode(m: Init<PlanActionResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.deferred !== undefined) { w.u8(18); { const to = w.open(); Deferred.encode(m.deferred, w); w.close(to); } }
  },
  decode(r: Reader, end: number): PlanActionResponse {
    const m: Open<PlanActionResponse> = { diagnostics: [], deferred: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 18: { const to = r.until(); m.deferred = Deferred.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface PlanResourceChangeRequest {
  readonly typeName: string;
  readonly priorState?: DynamicValue | undefined;
  readonly proposedNewState?: DynamicValue | undefined;
  readonly config?: DynamicValue | undefined;
  readonly priorPrivate: Uint8Array;
  readonly providerMeta?: DynamicValue | undefined;
  readonly clientCapabilities?: ClientCapabilities | undefined;
  readonly priorIdentity?: ResourceIdentityData | undefined;
}

export const PlanResourceChangeRequest: Codec<PlanResourceChangeRequest> = {
  encode(m: Init<PlanResourceChangeRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.priorState !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.priorState, w); w.close(to); } }
    if (m.proposedNewState !== undefined) { w.u8(26); { const to = w.open(); DynamicValue.encode(m.proposedNewState, w); w.close(to); } }
    if (m.config !== undefined) { w.u8(34); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.priorPrivate !== undefined && m.priorPrivate.length > 0) { w.u8(42); w.blob(m.priorPrivate); }
    if (m.providerMeta !== undefined) { w.u8(50); { const to = w.open(); DynamicValue.encode(m.providerMeta, w); w.close(to); } }
    if (m.clientCapabilities !== undefined) { w.u8(58); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
    if (m.priorIdentity !== undefined) { w.u8(66); { const to = w.open(); ResourceIdentityData.encode(m.priorIdentity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): PlanResourceChangeRequest {
    const m: Open<PlanResourceChangeRequest> = { typeName: '', priorState: undefined, proposedNewState: undefined, config: undefined, priorPrivate: EMPTY, providerMeta: undefined, clientCapabilities: undefined, priorIdentity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.priorState = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.proposedNewState = DynamicValue.decode(r, to); break; }
        case 34: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 42: m.priorPrivate = r.blob(); break;
        case 50: { const to = r.until(); m.providerMeta = DynamicValue.decode(r, to); break; }
        case 58: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        case 66: { const to = r.until(); m.priorIdentity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface PlanResourceChangeResponse {
  readonly plannedState?: DynamicValue | undefined;
  readonly requiresReplace: readonly AttributePath[];
  readonly plannedPrivate: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
  readonly legacyTypeSystem: boolean;
  readonly deferred?: Deferred | undefined;
  readonly plannedIdentity?: ResourceIdentityData | undefined;
}

export const PlanResourceChangeResponse: Codec<PlanResourceChangeResponse> = {
  encode(m: Init<PlanResourceChangeResponse>, w: Writer): void {
    if (m.plannedState !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.plannedState, w); w.close(to); } }
    if (m.requiresReplace) for (const item of m.requiresReplace) { w.u8(18); { const to = w.open(); AttributePath.encode(item, w); w.close(to); } }
    if (m.plannedPrivate !== undefined && m.plannedPrivate.length > 0) { w.u8(26); w.blob(m.plannedPrivate); }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(34); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.legacyTypeSystem) { w.u8(40); w.bool(m.legacyTypeSystem); }
    if (m.deferred !== undefined) { w.u8(50); { const to = w.open(); Deferred.encode(m.deferred, w); w.close(to); } }
    if (m.plannedIdentity !== undefined) { w.u8(58); { const to = w.open(); ResourceIdentityData.encode(m.plannedIdentity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): PlanResourceChangeResponse {
    const m: Open<PlanResourceChangeResponse> = { plannedState: undefined, requiresReplace: [], plannedPrivate: EMPTY, diagnostics: [], legacyTypeSystem: false, deferred: undefined, plannedIdentity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.plannedState = DynamicValue.decode(r, to); break; }
        case 18: { const to = r.until(); m.requiresReplace.push(AttributePath.decode(r, to)); break; }
        case 26: m.plannedPrivate = r.blob(); break;
        case 34: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 40: m.legacyTypeSystem = r.bool(); break;
        case 50: { const to = r.until(); m.deferred = Deferred.decode(r, to); break; }
        case 58: { const to = r.until(); m.plannedIdentity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface RawState {
  readonly json: Uint8Array;
  readonly flatmap: Readonly<Record<string, string>>;
}

export const RawState: Codec<RawState> = {
  encode(m: Init<RawState>, w: Writer): void {
    if (m.json !== undefined && m.json.length > 0) { w.u8(10); w.blob(m.json); }
    if (m.flatmap) for (const key in m.flatmap) {
      const item = m.flatmap[key];
      if (item === undefined) continue;
      w.u8(18); const at = w.open(); w.u8(10); w.string(key); w.u8(18); w.string(item); w.close(at);
    }
  },
  decode(r: Reader, end: number): RawState {
    const m: Open<RawState> = { json: EMPTY, flatmap: Object.create(null) };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.json = r.blob(); break;
        case 18: {
          const last = r.until();
          let key = ''; let item: string | undefined;
          while (r.pos < last) {
            const part = r.uint32();
            if (part === 10) key = r.string(); else if (part === 18) item = r.string(); else r.skip(part);
          }
          r.closed(last);
          m.flatmap[key] = item ?? '';
          break;
        }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ReadDataSourceRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
  readonly providerMeta?: DynamicValue | undefined;
  readonly clientCapabilities?: ClientCapabilities | undefined;
}

export const ReadDataSourceRequest: Codec<ReadDataSourceRequest> = {
  encode(m: Init<ReadDataSourceRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.providerMeta !== undefined) { w.u8(26); { const to = w.open(); DynamicValue.encode(m.providerMeta, w); w.close(to); } }
    if (m.clientCapabilities !== undefined) { w.u8(34); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ReadDataSourceRequest {
    const m: Open<ReadDataSourceRequest> = { typeName: '', config: undefined, providerMeta: undefined, clientCapabilities: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.providerMeta = DynamicValue.decode(r, to); break; }
        case 34: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ReadDataSourceResponse {
  readonly state?: DynamicValue | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly deferred?: Deferred | undefined;
}

export const ReadDataSourceResponse: Codec<ReadDataSourceResponse> = {
  encode(m: Init<ReadDataSourceResponse>, w: Writer): void {
    if (m.state !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.state, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.deferred !== undefined) { w.u8(26); { const to = w.open(); Deferred.encode(m.deferred, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ReadDataSourceResponse {
    const m: Open<ReadDataSourceResponse> = { state: undefined, diagnostics: [], deferred: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.state = DynamicValue.decode(r, to); break; }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 26: { const to = r.until(); m.deferred = Deferred.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ReadResourceRequest {
  readonly typeName: string;
  readonly currentState?: DynamicValue | undefined;
  readonly private: Uint8Array;
  readonly providerMeta?: DynamicValue | undefined;
  readonly clientCapabilities?: ClientCapabilities | undefined;
  readonly currentIdentity?: ResourceIdentityData | undefined;
}

export const ReadResourceRequest: Codec<ReadResourceRequest> = {
  encode(m: Init<ReadResourceRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.currentState !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.currentState, w); w.close(to); } }
    if (m.private !== undefined && m.private.length > 0) { w.u8(26); w.blob(m.private); }
    if (m.providerMeta !== undefined) { w.u8(34); { const to = w.open(); DynamicValue.encode(m.providerMeta, w); w.close(to); } }
    if (m.clientCapabilities !== undefined) { w.u8(42); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
    if (m.currentIdentity !== undefined) { w.u8(50); { const to = w.open(); ResourceIdentityData.encode(m.currentIdentity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ReadResourceRequest {
    const m: Open<ReadResourceRequest> = { typeName: '', currentState: undefined, private: EMPTY, providerMeta: undefined, clientCapabilities: undefined, currentIdentity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.currentState = DynamicValue.decode(r, to); break; }
        case 26: m.private = r.blob(); break;
        case 34: { const to = r.until(); m.providerMeta = DynamicValue.decode(r, to); break; }
        case 42: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        case 50: { const to = r.until(); m.currentIdentity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ReadResourceResponse {
  readonly newState?: DynamicValue | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly private: Uint8Array;
  readonly deferred?: Deferred | undefined;
  readonly newIdentity?: ResourceIdentityData | undefined;
}

export const ReadResourceResponse: Codec<ReadResourceResponse> = {
  encode(m: Init<ReadResourceResponse>, w: Writer): void {
    if (m.newState !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.newState, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.private !== undefined && m.private.length > 0) { w.u8(26); w.blob(m.private); }
    if (m.deferred !== undefined) { w.u8(34); { const to = w.open(); Deferred.encode(m.deferred, w); w.close(to); } }
    if (m.newIdentity !== undefined) { w.u8(42); { const to = w.open(); ResourceIdentityData.encode(m.newIdentity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ReadResourceResponse {
    const m: Open<ReadResourceResponse> = { newState: undefined, diagnostics: [], private: EMPTY, deferred: undefined, newIdentity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.newState = DynamicValue.decode(r, to); break; }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 26: m.private = r.blob(); break;
        case 34: { const to = r.until(); m.deferred = Deferred.decode(r, to); break; }
        case 42: { const to = r.until(); m.newIdentity = ResourceIdentityData.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ReadStateBytesRequest {
  readonly typeName: string;
  readonly stateId: string;
}

export const ReadStateBytesRequest: Codec<ReadStateBytesRequest> = {
  encode(m: Init<ReadStateBytesRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.stateId) { w.u8(18); w.string(m.stateId); }
  },
  decode(r: Reader, end: number): ReadStateBytesRequest {
    const m: Open<ReadStateBytesRequest> = { typeName: '', stateId: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: m.stateId = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ReadStateBytesResponseChunk {
  readonly bytes: Uint8Array;
  readonly totalLength: number | bigint;
  readonly range?: StateByteRange | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export const ReadStateBytesResponseChunk: Codec<ReadStateBytesResponseChunk> = {
  encode(m: Init<ReadStateBytesResponseChunk>, w: Writer): void {
    if (m.bytes !== undefined && m.bytes.length > 0) { w.u8(10); w.blob(m.bytes); }
    if (m.totalLength != null && m.totalLength != 0) { w.u8(16); w.int64(m.totalLength); }
    if (m.range !== undefined) { w.u8(26); { const to = w.open(); StateByteRange.encode(m.range, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(34); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ReadStateBytesResponseChunk {
    const m: Open<ReadStateBytesResponseChunk> = { bytes: EMPTY, totalLength: 0, range: undefined, diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.bytes = r.blob(); break;
        case 16: m.totalLength = r.int64(); break;
        case 26: { const to = r.until(); m.range = StateByteRange.decode(r, to); break; }
        case 34: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface RenewEphemeralResourceRequest {
  readonly typeName: string;
  readonly private?: Uint8Array | undefined;
}

export const RenewEphemeralResourceRequest: Codec<RenewEphemeralResourceRequest> = {
  encode(m: Init<RenewEphemeralResourceRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.private !== undefined) { w.u8(18); w.blob(m.private); }
  },
  decode(r: Reader, end: number): RenewEphemeralResourceRequest {
    const m: Open<RenewEphemeralResourceRequest> = { typeName: '', private: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: m.private = r.blob(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface RenewEphemeralResourceResponse {
  readonly diagnostics: readonly Diagnostic[];
  readonly renewAt?: Timestamp | undefined;
  readonly private?: Uint8Array | undefined;
}

export const RenewEphemeralResourceResponse: Codec<RenewEphemeralResourceResponse> = {
  encode(m: Init<RenewEphemeralResourceResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
    if (m.renewAt !== undefined) { w.u8(18); { const to = w.open(); Timestamp.encode(m.renewAt, w); w.close(to); } }
    if (m.private !== undefined) { w.u8(26); w.blob(m.private); }
  },
  decode(r: Reader, end: number): RenewEphemeralResourceResponse {
    const m: Open<RenewEphemeralResourceResponse> = { diagnostics: [], renewAt: undefined, private: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        case 18: { const to = r.until(); m.renewAt = Timestamp.decode(r, to); break; }
        case 26: m.private = r.blob(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface RequestChunkMeta {
  readonly typeName: string;
  readonly stateId: string;
}

export const RequestChunkMeta: Codec<RequestChunkMeta> = {
  encode(m: Init<RequestChunkMeta>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.stateId) { w.u8(18); w.string(m.stateId); }
  },
  decode(r: Reader, end: number): RequestChunkMeta {
    const m: Open<RequestChunkMeta> = { typeName: '', stateId: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: m.stateId = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ResourceIdentityData {
  readonly identityData?: DynamicValue | undefined;
}

export const ResourceIdentityData: Codec<ResourceIdentityData> = {
  encode(m: Init<ResourceIdentityData>, w: Writer): void {
    if (m.identityData !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.identityData, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ResourceIdentityData {
    const m: Open<ResourceIdentityData> = { identityData: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.identityData = DynamicValue.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ResourceIdentitySchema {
  readonly version: number | bigint;
  readonly identityAttributes: readonly ResourceIdentitySchemaIdentityAttribute[];
}

export const ResourceIdentitySchema: Codec<ResourceIdentitySchema> = {
  encode(m: Init<ResourceIdentitySchema>, w: Writer): void {
    if (m.version != null && m.version != 0) { w.u8(8); w.int64(m.version); }
    if (m.identityAttributes) for (const item of m.identityAttributes) { w.u8(18); { const to = w.open(); ResourceIdentitySchemaIdentityAttribute.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ResourceIdentitySchema {
    const m: Open<ResourceIdentitySchema> = { version: 0, identityAttributes: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.version = r.int64(); break;
        case 18: { const to = r.until(); m.identityAttributes.push(ResourceIdentitySchemaIdentityAttribute.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ResourceIdentitySchemaIdentityAttribute {
  readonly name: string;
  readonly type: Uint8Array;
  readonly requiredForImport: boolean;
  readonly optionalForImport: boolean;
  readonly description: string;
}

export const ResourceIdentitySchemaIdentityAttribute: Codec<ResourceIdentitySchemaIdentityAttribute> = {
  encode(m: Init<ResourceIdentitySchemaIdentityAttribute>, w: Writer): void {
    if (m.name) { w.u8(10); w.string(m.name); }
    if (m.type !== undefined && m.type.length > 0) { w.u8(18); w.blob(m.type); }
    if (m.requiredForImport) { w.u8(24); w.bool(m.requiredForImport); }
    if (m.optionalForImport) { w.u8(32); w.bool(m.optionalForImport); }
    if (m.description) { w.u8(42); w.string(m.description); }
  },
  decode(r: Reader, end: number): ResourceIdentitySchemaIdentityAttribute {
    const m: Open<ResourceIdentitySchemaIdentityAttribute> = { name: '', type: EMPTY, requiredForImport: false, optionalForImport: false, description: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.name = r.string(); break;
        case 18: m.type = r.blob(); break;
        case 24: m.requiredForImport = r.bool(); break;
        case 32: m.optionalForImport = r.bool(); break;
        case 42: m.description = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface Schema {
  readonly version: number | bigint;
  readonly block?: SchemaBlock | undefined;
}

export const Schema: Codec<Schema> = {
  encode(m: Init<Schema>, w: Writer): void {
    if (m.version != null && m.version != 0) { w.u8(8); w.int64(m.version); }
    if (m.block !== undefined) { w.u8(18); { const to = w.open(); SchemaBlock.encode(m.block, w); w.close(to); } }
  },
  decode(r: Reader, end: number): Schema {
    const m: Open<Schema> = { version: 0, block: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.version = r.int64(); break;
        case 18: { const to = r.until(); m.block = SchemaBlock.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface SchemaAttribute {
  readonly name: string;
  readonly type: Uint8Array;
  readonly nestedType?: SchemaObject | undefined;
  readonly description: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly descriptionKind: number;
  readonly deprecated: boolean;
  readonly writeOnly: boolean;
  readonly deprecationMessage: string;
}

export const SchemaAttribute: Codec<SchemaAttribute> = {
  encode(m: Init<SchemaAttribute>, w: Writer): void {
    if (m.name) { w.u8(10); w.string(m.name); }
    if (m.type !== undefined && m.type.length > 0) { w.u8(18); w.blob(m.type); }
    if (m.nestedType !== undefined) { w.u8(82); { const to = w.open(); SchemaObject.encode(m.nestedType, w); w.close(to); } }
    if (m.description) { w.u8(26); w.string(m.description); }
    if (m.required) { w.u8(32); w.bool(m.required); }
    if (m.optional) { w.u8(40); w.bool(m.optional); }
    if (m.computed) { w.u8(48); w.bool(m.computed); }
    if (m.sensitive) { w.u8(56); w.bool(m.sensitive); }
    if (m.descriptionKind) { w.u8(64); w.int64(m.descriptionKind); }
    if (m.deprecated) { w.u8(72); w.bool(m.deprecated); }
    if (m.writeOnly) { w.u8(88); w.bool(m.writeOnly); }
    if (m.deprecationMessage) { w.u8(98); w.string(m.deprecationMessage); }
  },
  decode(r: Reader, end: number): SchemaAttribute {
    const m: Open<SchemaAttribute> = { name: '', type: EMPTY, nestedType: undefined, description: '', required: false, optional: false, computed: false, sensitive: false, descriptionKind: 0, deprecated: false, writeOnly: false, deprecationMessage: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.name = r.string(); break;
        case 18: m.type = r.blob(); break;
        case 82: { const to = r.until(); m.nestedType = SchemaObject.decode(r, to); break; }
        case 26: m.description = r.string(); break;
        case 32: m.required = r.bool(); break;
        case 40: m.optional = r.bool(); break;
        case 48: m.computed = r.bool(); break;
        case 56: m.sensitive = r.bool(); break;
        case 64: m.descriptionKind = r.int32(); break;
        case 72: m.deprecated = r.bool(); break;
        case 88: m.writeOnly = r.bool(); break;
        case 98: m.deprecationMessage = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface SchemaBlock {
  readonly version: number | bigint;
  readonly attributes: readonly SchemaAttribute[];
  readonly blockTypes: readonly SchemaNestedBlock[];
  readonly description: string;
  readonly descriptionKind: number;
  readonly deprecated: boolean;
  readonly deprecationMessage: string;
}

export const SchemaBlock: Codec<SchemaBlock> = {
  encode(m: Init<SchemaBlock>, w: Writer): void {
    if (m.version != null && m.version != 0) { w.u8(8); w.int64(m.version); }
    if (m.attributes) for (const item of m.attributes) { w.u8(18); { const to = w.open(); SchemaAttribute.encode(item, w); w.close(to); } }
    if (m.blockTypes) for (const item of m.blockTypes) { w.u8(26); { const to = w.open(); SchemaNestedBlock.encode(item, w); w.close(to); } }
    if (m.description) { w.u8(34); w.string(m.description); }
    if (m.descriptionKind) { w.u8(40); w.int64(m.descriptionKind); }
    if (m.deprecated) { w.u8(48); w.bool(m.deprecated); }
    if (m.deprecationMessage) { w.u8(58); w.string(m.deprecationMessage); }
  },
  decode(r: Reader, end: number): SchemaBlock {
    const m: Open<SchemaBlock> = { version: 0, attributes: [], blockTypes: [], description: '', descriptionKind: 0, deprecated: false, deprecationMessage: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.version = r.int64(); break;
        case 18: { const to = r.until(); m.attributes.push(SchemaAttribute.decode(r, to)); break; }
        case 26: { const to = r.until(); m.blockTypes.push(SchemaNestedBlock.decode(r, to)); break; }
        case 34: m.description = r.string(); break;
        case 40: m.descriptionKind = r.int32(); break;
        case 48: m.deprecated = r.bool(); break;
        case 58: m.deprecationMessage = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export const SchemaNestedBlockNestingMode = { INVALID: 0, SINGLE: 1, LIST: 2, SET: 3, MAP: 4, GROUP: 5 } as const;

export interface SchemaNestedBlock {
  readonly typeName: string;
  readonly block?: SchemaBlock | undefined;
  readonly nesting: number;
  readonly minItems: number | bigint;
  readonly maxItems: number | bigint;
}

export const SchemaNestedBlock: Codec<SchemaNestedBlock> = {
  encode(m: Init<SchemaNestedBlock>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.block !== undefined) { w.u8(18); { const to = w.open(); SchemaBlock.encode(m.block, w); w.close(to); } }
    if (m.nesting) { w.u8(24); w.int64(m.nesting); }
    if (m.minItems != null && m.minItems != 0) { w.u8(32); w.int64(m.minItems); }
    if (m.maxItems != null && m.maxItems != 0) { w.u8(40); w.int64(m.maxItems); }
  },
  decode(r: Reader, end: number): SchemaNestedBlock {
    const m: Open<SchemaNestedBlock> = { typeName: '', block: undefined, nesting: 0, minItems: 0, maxItems: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.block = SchemaBlock.decode(r, to); break; }
        case 24: m.nesting = r.int32(); break;
        case 32: m.minItems = r.int64(); break;
        case 40: m.maxItems = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export const SchemaObjectNestingMode = { INVALID: 0, SINGLE: 1, LIST: 2, SET: 3, MAP: 4 } as const;

export interface SchemaObject {
  readonly attributes: readonly SchemaAttribute[];
  readonly nesting: number;
  readonly minItems: number | bigint;
  readonly maxItems: number | bigint;
}

export const SchemaObject: Codec<SchemaObject> = {
  encode(m: Init<SchemaObject>, w: Writer): void {
    if (m.attributes) for (const item of m.attributes) { w.u8(10); { const to = w.open(); SchemaAttribute.encode(item, w); w.close(to); } }
    if (m.nesting) { w.u8(24); w.int64(m.nesting); }
    if (m.minItems != null && m.minItems != 0) { w.u8(32); w.int64(m.minItems); }
    if (m.maxItems != null && m.maxItems != 0) { w.u8(40); w.int64(m.maxItems); }
  },
  decode(r: Reader, end: number): SchemaObject {
    const m: Open<SchemaObject> = { attributes: [], nesting: 0, minItems: 0, maxItems: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.attributes.push(SchemaAttribute.decode(r, to)); break; }
        case 24: m.nesting = r.int32(); break;
        case 32: m.minItems = r.int64(); break;
        case 40: m.maxItems = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ServerCapabilities {
  readonly planDestroy: boolean;
  readonly getProviderSchemaOptional: boolean;
  readonly moveResourceState: boolean;
  readonly generateResourceConfig: boolean;
}

export const ServerCapabilities: Codec<ServerCapabilities> = {
  encode(m: Init<ServerCapabilities>, w: Writer): void {
    if (m.planDestroy) { w.u8(8); w.bool(m.planDestroy); }
    if (m.getProviderSchemaOptional) { w.u8(16); w.bool(m.getProviderSchemaOptional); }
    if (m.moveResourceState) { w.u8(24); w.bool(m.moveResourceState); }
    if (m.generateResourceConfig) { w.u8(32); w.bool(m.generateResourceConfig); }
  },
  decode(r: Reader, end: number): ServerCapabilities {
    const m: Open<ServerCapabilities> = { planDestroy: false, getProviderSchemaOptional: false, moveResourceState: false, generateResourceConfig: false };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.planDestroy = r.bool(); break;
        case 16: m.getProviderSchemaOptional = r.bool(); break;
        case 24: m.moveResourceState = r.bool(); break;
        case 32: m.generateResourceConfig = r.bool(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface StateByteRange {
  readonly start: number | bigint;
  readonly end: number | bigint;
}

export const StateByteRange: Codec<StateByteRange> = {
  encode(m: Init<StateByteRange>, w: Writer): void {
    if (m.start != null && m.start != 0) { w.u8(8); w.int64(m.start); }
    if (m.end != null && m.end != 0) { w.u8(16); w.int64(m.end); }
  },
  decode(r: Reader, end: number): StateByteRange {
    const m: Open<StateByteRange> = { start: 0, end: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.start = r.int64(); break;
        case 16: m.end = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface StateStoreClientCapabilities {
  readonly chunkSize: number | bigint;
}

export const StateStoreClientCapabilities: Codec<StateStoreClientCapabilities> = {
  encode(m: Init<StateStoreClientCapabilities>, w: Writer): void {
    if (m.chunkSize != null && m.chunkSize != 0) { w.u8(8); w.int64(m.chunkSize); }
  },
  decode(r: Reader, end: number): StateStoreClientCapabilities {
    const m: Open<StateStoreClientCapabilities> = { chunkSize: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.chunkSize = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface StateStoreServerCapabilities {
  readonly chunkSize: number | bigint;
}

export const StateStoreServerCapabilities: Codec<StateStoreServerCapabilities> = {
  encode(m: Init<StateStoreServerCapabilities>, w: Writer): void {
    if (m.chunkSize != null && m.chunkSize != 0) { w.u8(8); w.int64(m.chunkSize); }
  },
  decode(r: Reader, end: number): StateStoreServerCapabilities {
    const m: Open<StateStoreServerCapabilities> = { chunkSize: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.chunkSize = r.int64(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export const StdioDataChannel = { INVALID: 0, STDOUT: 1, STDERR: 2 } as const;

export interface StdioData {
  readonly channel: number;
  readonly data: Uint8Array;
}

export const StdioData: Codec<StdioData> = {
  encode(m: Init<StdioData>, w: Writer): void {
    if (m.channel) { w.u8(8); w.int64(m.channel); }
    if (m.data !== undefined && m.data.length > 0) { w.u8(18); w.blob(m.data); }
  },
  decode(r: Reader, end: number): StdioData {
    const m: Open<StdioData> = { channel: 0, data: EMPTY };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.channel = r.int32(); break;
        case 18: m.data = r.blob(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export type StopProviderRequest = Record<never, never>;

export const StopProviderRequest: Codec<StopProviderRequest> = {
  encode() {},
  decode(r: Reader, end: number): StopProviderRequest {
    const m = {};
    while (r.pos < end) {
      const tag = r.uint32();
      r.skip(tag);
    }
    r.closed(end);
    return m;
  },
};

export interface StopProviderResponse {
  readonly error: string;
}

export const StopProviderResponse: Codec<StopProviderResponse> = {
  encode(m: Init<StopProviderResponse>, w: Writer): void {
    if (m.error) { w.u8(10); w.string(m.error); }
  },
  decode(r: Reader, end: number): StopProviderResponse {
    const m: Open<StopProviderResponse> = { error: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.error = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface Timestamp {
  readonly seconds: number | bigint;
  readonly nanos: number;
}

export const Timestamp: Codec<Timestamp> = {
  encode(m: Init<Timestamp>, w: Writer): void {
    if (m.seconds != null && m.seconds != 0) { w.u8(8); w.int64(m.seconds); }
    if (m.nanos) { w.u8(16); w.int64(m.nanos); }
  },
  decode(r: Reader, end: number): Timestamp {
    const m: Open<Timestamp> = { seconds: 0, nanos: 0 };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 8: m.seconds = r.int64(); break;
        case 16: m.nanos = r.int32(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface UnlockStateRequest {
  readonly typeName: string;
  readonly stateId: string;
  readonly lockId: string;
}

export const UnlockStateRequest: Codec<UnlockStateRequest> = {
  encode(m: Init<UnlockStateRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.stateId) { w.u8(18); w.string(m.stateId); }
    if (m.lockId) { w.u8(26); w.string(m.lockId); }
  },
  decode(r: Reader, end: number): UnlockStateRequest {
    const m: Open<UnlockStateRequest> = { typeName: '', stateId: '', lockId: '' };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: m.stateId = r.string(); break;
        case 26: m.lockId = r.string(); break;
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface UnlockStateResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const UnlockStateResponse: Codec<UnlockStateResponse> = {
  encode(m: Init<UnlockStateResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): UnlockStateResponse {
    const m: Open<UnlockStateResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface UpgradeResourceIdentityRequest {
  readonly typeName: string;
  readonly version: number | bigint;
  readonly rawIdentity?: RawState | undefined;
}

export const UpgradeResourceIdentityRequest: Codec<UpgradeResourceIdentityRequest> = {
  encode(m: Init<UpgradeResourceIdentityRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.version != null && m.version != 0) { w.u8(16); w.int64(m.version); }
    if (m.rawIdentity !== undefined) { w.u8(26); { const to = w.open(); RawState.encode(m.rawIdentity, w); w.close(to); } }
  },
  decode(r: Reader, end: number): UpgradeResourceIdentityRequest {
    const m: Open<UpgradeResourceIdentityRequest> = { typeName: '', version: 0, rawIdentity: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 16: m.version = r.int64(); break;
        case 26: { const to = r.until(); m.rawIdentity = RawState.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface UpgradeResourceIdentityResponse {
  readonly upgradedIdentity?: ResourceIdentityData | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export const UpgradeResourceIdentityResponse: Codec<UpgradeResourceIdentityResponse> = {
  encode(m: Init<UpgradeResourceIdentityResponse>, w: Writer): void {
    if (m.upgradedIdentity !== undefined) { w.u8(10); { const to = w.open(); ResourceIdentityData.encode(m.upgradedIdentity, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): UpgradeResourceIdentityResponse {
    const m: Open<UpgradeResourceIdentityResponse> = { upgradedIdentity: undefined, diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.upgradedIdentity = ResourceIdentityData.decode(r, to); break; }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface UpgradeResourceStateRequest {
  readonly typeName: string;
  readonly version: number | bigint;
  readonly rawState?: RawState | undefined;
}

export const UpgradeResourceStateRequest: Codec<UpgradeResourceStateRequest> = {
  encode(m: Init<UpgradeResourceStateRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.version != null && m.version != 0) { w.u8(16); w.int64(m.version); }
    if (m.rawState !== undefined) { w.u8(26); { const to = w.open(); RawState.encode(m.rawState, w); w.close(to); } }
  },
  decode(r: Reader, end: number): UpgradeResourceStateRequest {
    const m: Open<UpgradeResourceStateRequest> = { typeName: '', version: 0, rawState: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 16: m.version = r.int64(); break;
        case 26: { const to = r.until(); m.rawState = RawState.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface UpgradeResourceStateResponse {
  readonly upgradedState?: DynamicValue | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export const UpgradeResourceStateResponse: Codec<UpgradeResourceStateResponse> = {
  encode(m: Init<UpgradeResourceStateResponse>, w: Writer): void {
    if (m.upgradedState !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.upgradedState, w); w.close(to); } }
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): UpgradeResourceStateResponse {
    const m: Open<UpgradeResourceStateResponse> = { upgradedState: undefined, diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.upgradedState = DynamicValue.decode(r, to); break; }
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateActionConfigRequest {
  readonly actionType: string;
  readonly config?: DynamicValue | undefined;
}

export const ValidateActionConfigRequest: Codec<ValidateActionConfigRequest> = {
  encode(m: Init<ValidateActionConfigRequest>, w: Writer): void {
    if (m.actionType) { w.u8(10); w.string(m.actionType); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateActionConfigRequest {
    const m: Open<ValidateActionConfigRequest> = { actionType: '', config: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.actionType = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateActionConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const ValidateActionConfigResponse: Codec<ValidateActionConfigResponse> = {
  encode(m: Init<ValidateActionConfigResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateActionConfigResponse {
    const m: Open<ValidateActionConfigResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateDataResourceConfigRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
}

export const ValidateDataResourceConfigRequest: Codec<ValidateDataResourceConfigRequest> = {
  encode(m: Init<ValidateDataResourceConfigRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateDataResourceConfigRequest {
    const m: Open<ValidateDataResourceConfigRequest> = { typeName: '', config: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateDataResourceConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const ValidateDataResourceConfigResponse: Codec<ValidateDataResourceConfigResponse> = {
  encode(m: Init<ValidateDataResourceConfigResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateDataResourceConfigResponse {
    const m: Open<ValidateDataResourceConfigResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateEphemeralResourceConfigRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
}

export const ValidateEphemeralResourceConfigRequest: Codec<ValidateEphemeralResourceConfigRequest> = {
  encode(m: Init<ValidateEphemeralResourceConfigRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateEphemeralResourceConfigRequest {
    const m: Open<ValidateEphemeralResourceConfigRequest> = { typeName: '', config: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateEphemeralResourceConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const ValidateEphemeralResourceConfigResponse: Codec<ValidateEphemeralResourceConfigResponse> = {
  encode(m: Init<ValidateEphemeralResourceConfigResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateEphemeralResourceConfigResponse {
    const m: Open<ValidateEphemeralResourceConfigResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateListResourceConfigRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
  readonly includeResourceObject?: DynamicValue | undefined;
  readonly limit?: DynamicValue | undefined;
}

export const ValidateListResourceConfigRequest: Codec<ValidateListResourceConfigRequest> = {
  encode(m: Init<ValidateListResourceConfigRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.includeResourceObject !== undefined) { w.u8(26); { const to = w.open(); DynamicValue.encode(m.includeResourceObject, w); w.close(to); } }
    if (m.limit !== undefined) { w.u8(34); { const to = w.open(); DynamicValue.encode(m.limit, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateListResourceConfigRequest {
    const m: Open<ValidateListResourceConfigRequest> = { typeName: '', config: undefined, includeResourceObject: undefined, limit: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.includeResourceObject = DynamicValue.decode(r, to); break; }
        case 34: { const to = r.until(); m.limit = DynamicValue.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateListResourceConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const ValidateListResourceConfigResponse: Codec<ValidateListResourceConfigResponse> = {
  encode(m: Init<ValidateListResourceConfigResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateListResourceConfigResponse {
    const m: Open<ValidateListResourceConfigResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateProviderConfigRequest {
  readonly config?: DynamicValue | undefined;
}

export const ValidateProviderConfigRequest: Codec<ValidateProviderConfigRequest> = {
  encode(m: Init<ValidateProviderConfigRequest>, w: Writer): void {
    if (m.config !== undefined) { w.u8(10); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateProviderConfigRequest {
    const m: Open<ValidateProviderConfigRequest> = { config: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateProviderConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const ValidateProviderConfigResponse: Codec<ValidateProviderConfigResponse> = {
  encode(m: Init<ValidateProviderConfigResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(18); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateProviderConfigResponse {
    const m: Open<ValidateProviderConfigResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 18: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateResourceConfigRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
  readonly clientCapabilities?: ClientCapabilities | undefined;
}

export const ValidateResourceConfigRequest: Codec<ValidateResourceConfigRequest> = {
  encode(m: Init<ValidateResourceConfigRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
    if (m.clientCapabilities !== undefined) { w.u8(26); { const to = w.open(); ClientCapabilities.encode(m.clientCapabilities, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateResourceConfigRequest {
    const m: Open<ValidateResourceConfigRequest> = { typeName: '', config: undefined, clientCapabilities: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        case 26: { const to = r.until(); m.clientCapabilities = ClientCapabilities.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateResourceConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const ValidateResourceConfigResponse: Codec<ValidateResourceConfigResponse> = {
  encode(m: Init<ValidateResourceConfigResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateResourceConfigResponse {
    const m: Open<ValidateResourceConfigResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateStateStoreConfigRequest {
  readonly typeName: string;
  readonly config?: DynamicValue | undefined;
}

export const ValidateStateStoreConfigRequest: Codec<ValidateStateStoreConfigRequest> = {
  encode(m: Init<ValidateStateStoreConfigRequest>, w: Writer): void {
    if (m.typeName) { w.u8(10); w.string(m.typeName); }
    if (m.config !== undefined) { w.u8(18); { const to = w.open(); DynamicValue.encode(m.config, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateStateStoreConfigRequest {
    const m: Open<ValidateStateStoreConfigRequest> = { typeName: '', config: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: m.typeName = r.string(); break;
        case 18: { const to = r.until(); m.config = DynamicValue.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface ValidateStateStoreConfigResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const ValidateStateStoreConfigResponse: Codec<ValidateStateStoreConfigResponse> = {
  encode(m: Init<ValidateStateStoreConfigResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): ValidateStateStoreConfigResponse {
    const m: Open<ValidateStateStoreConfigResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface WriteStateBytesRequestChunk {
  readonly meta?: RequestChunkMeta | undefined;
  readonly bytes: Uint8Array;
  readonly totalLength: number | bigint;
  readonly range?: StateByteRange | undefined;
}

export const WriteStateBytesRequestChunk: Codec<WriteStateBytesRequestChunk> = {
  encode(m: Init<WriteStateBytesRequestChunk>, w: Writer): void {
    if (m.meta !== undefined) { w.u8(10); { const to = w.open(); RequestChunkMeta.encode(m.meta, w); w.close(to); } }
    if (m.bytes !== undefined && m.bytes.length > 0) { w.u8(18); w.blob(m.bytes); }
    if (m.totalLength != null && m.totalLength != 0) { w.u8(24); w.int64(m.totalLength); }
    if (m.range !== undefined) { w.u8(34); { const to = w.open(); StateByteRange.encode(m.range, w); w.close(to); } }
  },
  decode(r: Reader, end: number): WriteStateBytesRequestChunk {
    const m: Open<WriteStateBytesRequestChunk> = { meta: undefined, bytes: EMPTY, totalLength: 0, range: undefined };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.meta = RequestChunkMeta.decode(r, to); break; }
        case 18: m.bytes = r.blob(); break;
        case 24: m.totalLength = r.int64(); break;
        case 34: { const to = r.until(); m.range = StateByteRange.decode(r, to); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};

export interface WriteStateBytesResponse {
  readonly diagnostics: readonly Diagnostic[];
}

export const WriteStateBytesResponse: Codec<WriteStateBytesResponse> = {
  encode(m: Init<WriteStateBytesResponse>, w: Writer): void {
    if (m.diagnostics) for (const item of m.diagnostics) { w.u8(10); { const to = w.open(); Diagnostic.encode(item, w); w.close(to); } }
  },
  decode(r: Reader, end: number): WriteStateBytesResponse {
    const m: Open<WriteStateBytesResponse> = { diagnostics: [] };
    while (r.pos < end) {
      const tag = r.uint32();
      switch (tag) {
        case 10: { const to = r.until(); m.diagnostics.push(Diagnostic.decode(r, to)); break; }
        default: r.skip(tag);
      }
    }
    r.closed(end);
    return m;
  },
};
