// Generated from src/protocol/*.proto by scripts/generate-codecs.ts. Do not edit.
import * as messages from './messages';
import type { MethodType } from '../wire/codec';

/** The methods of `tfplugin6.Provider`. */
export const Provider = {
  GetMetadata: { path: '/tfplugin6.Provider/GetMetadata', request: messages.GetMetadataRequest, response: messages.GetMetadataResponse, stream: 'none' } satisfies MethodType<messages.GetMetadataRequest, messages.GetMetadataResponse>,
  GetProviderSchema: { path: '/tfplugin6.Provider/GetProviderSchema', request: messages.GetProviderSchemaRequest, response: messages.GetProviderSchemaResponse, stream: 'none' } satisfies MethodType<messages.GetProviderSchemaRequest, messages.GetProviderSchemaResponse>,
  GetResourceIdentitySchemas: { path: '/tfplugin6.Provider/GetResourceIdentitySchemas', request: messages.GetResourceIdentitySchemasRequest, response: messages.GetResourceIdentitySchemasResponse, stream: 'none' } satisfies MethodType<messages.GetResourceIdentitySchemasRequest, messages.GetResourceIdentitySchemasResponse>,
  ValidateProviderConfig: { path: '/tfplugin6.Provider/ValidateProviderConfig', request: messages.ValidateProviderConfigRequest, response: messages.ValidateProviderConfigResponse, stream: 'none' } satisfies MethodType<messages.ValidateProviderConfigRequest, messages.ValidateProviderConfigResponse>,
  ValidateResourceConfig: { path: '/tfplugin6.Provider/ValidateResourceConfig', request: messages.ValidateResourceConfigRequest, response: messages.ValidateResourceConfigResponse, stream: 'none' } satisfies MethodType<messages.ValidateResourceConfigRequest, messages.ValidateResourceConfigResponse>,
  ValidateDataResourceConfig: { path: '/tfplugin6.Provider/ValidateDataResourceConfig', request: messages.ValidateDataResourceConfigRequest, response: messages.ValidateDataResourceConfigResponse, stream: 'none' } satisfies MethodType<messages.ValidateDataResourceConfigRequest, messages.ValidateDataResourceConfigResponse>,
  UpgradeResourceState: { path: '/tfplugin6.Provider/UpgradeResourceState', request: messages.UpgradeResourceStateRequest, response: messages.UpgradeResourceStateResponse, stream: 'none' } satisfies MethodType<messages.UpgradeResourceStateRequest, messages.UpgradeResourceStateResponse>,
  UpgradeResourceIdentity: { path: '/tfplugin6.Provider/UpgradeResourceIdentity', request: messages.UpgradeResourceIdentityRequest, response: messages.UpgradeResourceIdentityResponse, stream: 'none' } satisfies MethodType<messages.UpgradeResourceIdentityRequest, messages.UpgradeResourceIdentityResponse>,
  ConfigureProvider: { path: '/tfplugin6.Provider/ConfigureProvider', request: messages.ConfigureProviderRequest, response: messages.ConfigureProviderResponse, stream: 'none' } satisfies MethodType<messages.ConfigureProviderRequest, messages.ConfigureProviderResponse>,
  ReadResource: { path: '/tfplugin6.Provider/ReadResource', request: messages.ReadResourceRequest, response: messages.ReadResourceResponse, stream: 'none' } satisfies MethodType<messages.ReadResourceRequest, messages.ReadResourceResponse>,
  PlanResourceChange: { path: '/tfplugin6.Provider/PlanResourceChange', request: messages.PlanResourceChangeRequest, response: messages.PlanResourceChangeResponse, stream: 'none' } satisfies MethodType<messages.PlanResourceChangeRequest, messages.PlanResourceChangeResponse>,
  ApplyResourceChange: { path: '/tfplugin6.Provider/ApplyResourceChange', request: messages.ApplyResourceChangeRequest, response: messages.ApplyResourceChangeResponse, stream: 'none' } satisfies MethodType<messages.ApplyResourceChangeRequest, messages.ApplyResourceChangeResponse>,
  ImportResourceState: { path: '/tfplugin6.Provider/ImportResourceState', request: messages.ImportResourceStateRequest, response: messages.ImportResourceStateResponse, stream: 'none' } satisfies MethodType<messages.ImportResourceStateRequest, messages.ImportResourceStateResponse>,
  MoveResourceState: { path: '/tfplugin6.Provider/MoveResourceState', request: messages.MoveResourceStateRequest, response: messages.MoveResourceStateResponse, stream: 'none' } satisfies MethodType<messages.MoveResourceStateRequest, messages.MoveResourceStateResponse>,
  ReadDataSource: { path: '/tfplugin6.Provider/ReadDataSource', request: messages.ReadDataSourceRequest, response: messages.ReadDataSourceResponse, stream: 'none' } satisfies MethodType<messages.ReadDataSourceRequest, messages.ReadDataSourceResponse>,
  GenerateResourceConfig: { path: '/tfplugin6.Provider/GenerateResourceConfig', request: messages.GenerateResourceConfigRequest, response: messages.GenerateResourceConfigResponse, stream: 'none' } satisfies MethodType<messages.GenerateResourceConfigRequest, messages.GenerateResourceConfigResponse>,
  ValidateEphemeralResourceConfig: { path: '/tfplugin6.Provider/ValidateEphemeralResourceConfig', request: messages.ValidateEphemeralResourceConfigRequest, response: messages.ValidateEphemeralResourceConfigResponse, stream: 'none' } satisfies MethodType<messages.ValidateEphemeralResourceConfigRequest, messages.ValidateEphemeralResourceConfigResponse>,
  OpenEphemeralResource: { path: '/tfplugin6.Provider/OpenEphemeralResource', request: messages.OpenEphemeralResourceRequest, response: messages.OpenEphemeralResourceResponse, stream: 'none' } satisfies MethodType<messages.OpenEphemeralResourceRequest, messages.OpenEphemeralResourceResponse>,
  RenewEphemeralResource: { path: '/tfplugin6.Provider/RenewEphemeralResource', request: messages.RenewEphemeralResourceRequest, response: messages.RenewEphemeralResourceResponse, stream: 'none' } satisfies MethodType<messages.RenewEphemeralResourceRequest, messages.RenewEphemeralResourceResponse>,
  CloseEphemeralResource: { path: '/tfplugin6.Provider/CloseEphemeralResource', request: messages.CloseEphemeralResourceRequest, response: messages.CloseEphemeralResourceResponse, stream: 'none' } satisfies MethodType<messages.CloseEphemeralResourceRequest, messages.CloseEphemeralResourceResponse>,
  ListResource: { path: '/tfplugin6.Provider/ListResource', request: messages.ListResourceRequest, response: messages.ListResourceEvent, stream: 'response' } satisfies MethodType<messages.ListResourceRequest, messages.ListResourceEvent>,
  ValidateListResourceConfig: { path: '/tfplugin6.Provider/ValidateListResourceConfig', request: messages.ValidateListResourceConfigRequest, response: messages.ValidateListResourceConfigResponse, stream: 'none' } satisfies MethodType<messages.ValidateListResourceConfigRequest, messages.ValidateListResourceConfigResponse>,
  GetFunctions: { path: '/tfplugin6.Provider/GetFunctions', request: messages.GetFunctionsRequest, response: messages.GetFunctionsResponse, stream: 'none' } satisfies MethodType<messages.GetFunctionsRequest, messages.GetFunctionsResponse>,
  CallFunction: { path: '/tfplugin6.Provider/CallFunction', request: messages.CallFunctionRequest, response: messages.CallFunctionResponse, stream: 'none' } satisfies MethodType<messages.CallFunctionRequest, messages.CallFunctionResponse>,
  ValidateActionConfig: { path: '/tfplugin6.Provider/ValidateActionConfig', request: messages.ValidateActionConfigRequest, response: messages.ValidateActionConfigResponse, stream: 'none' } satisfies MethodType<messages.ValidateActionConfigRequest, messages.ValidateActionConfigResponse>,
  PlanAction: { path: '/tfplugin6.Provider/PlanAction', request: messages.PlanActionRequest, response: messages.PlanActionResponse, stream: 'none' } satisfies MethodType<messages.PlanActionRequest, messages.PlanActionResponse>,
  InvokeAction: { path: '/tfplugin6.Provider/InvokeAction', request: messages.InvokeActionRequest, response: messages.InvokeActionEvent, stream: 'response' } satisfies MethodType<messages.InvokeActionRequest, messages.InvokeActionEvent>,
  ValidateStateStoreConfig: { path: '/tfplugin6.Provider/ValidateStateStoreConfig', request: messages.ValidateStateStoreConfigRequest, response: messages.ValidateStateStoreConfigResponse, stream: 'none' } satisfies MethodType<messages.ValidateStateStoreConfigRequest, messages.ValidateStateStoreConfigResponse>,
  ConfigureStateStore: { path: '/tfplugin6.Provider/ConfigureStateStore', request: messages.ConfigureStateStoreRequest, response: messages.ConfigureStateStoreResponse, stream: 'none' } satisfies MethodType<messages.ConfigureStateStoreRequest, messages.ConfigureStateStoreResponse>,
  ReadStateBytes: { path: '/tfplugin6.Provider/ReadStateBytes', request: messages.ReadStateBytesRequest, response: messages.ReadStateBytesResponseChunk, stream: 'response' } satisfies MethodType<messages.ReadStateBytesRequest, messages.ReadStateBytesResponseChunk>,
  WriteStateBytes: { path: '/tfplugin6.Provider/WriteStateBytes', request: messages.WriteStateBytesRequestChunk, response: messages.WriteStateBytesResponse, stream: 'request' } satisfies MethodType<messages.WriteStateBytesRequestChunk, messages.WriteStateBytesResponse>,
  LockState: { path: '/tfplugin6.Provider/LockState', request: messages.LockStateRequest, response: messages.LockStateResponse, stream: 'none' } satisfies MethodType<messages.LockStateRequest, messages.LockStateResponse>,
  UnlockState: { path: '/tfplugin6.Provider/UnlockState', request: messages.UnlockStateRequest, response: messages.UnlockStateResponse, stream: 'none' } satisfies MethodType<messages.UnlockStateRequest, messages.UnlockStateResponse>,
  GetStates: { path: '/tfplugin6.Provider/GetStates', request: messages.GetStatesRequest, response: messages.GetStatesResponse, stream: 'none' } satisfies MethodType<messages.GetStatesRequest, messages.GetStatesResponse>,
  DeleteState: { path: '/tfplugin6.Provider/DeleteState', request: messages.DeleteStateRequest, response: messages.DeleteStateResponse, stream: 'none' } satisfies MethodType<messages.DeleteStateRequest, messages.DeleteStateResponse>,
  StopProvider: { path: '/tfplugin6.Provider/StopProvider', request: messages.StopProviderRequest, response: messages.StopProviderResponse, stream: 'none' } satisfies MethodType<messages.StopProviderRequest, messages.StopProviderResponse>,
} as const;

/** The methods of `plugin.GRPCController`. */
export const GRPCController = {
  Shutdown: { path: '/plugin.GRPCController/Shutdown', request: messages.Empty, response: messages.Empty, stream: 'none' } satisfies MethodType<messages.Empty, messages.Empty>,
} as const;

/** The methods of `plugin.GRPCStdio`. */
export const GRPCStdio = {
  StreamStdio: { path: '/plugin.GRPCStdio/StreamStdio', request: messages.Empty, response: messages.StdioData, stream: 'response' } satisfies MethodType<messages.Empty, messages.StdioData>,
} as const;

/** The methods of `grpc.health.v1.Health`. */
export const Health = {
  Check: { path: '/grpc.health.v1.Health/Check', request: messages.HealthCheckRequest, response: messages.HealthCheckResponse, stream: 'none' } satisfies MethodType<messages.HealthCheckRequest, messages.HealthCheckResponse>,
} as const;
