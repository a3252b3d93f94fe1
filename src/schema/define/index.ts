/**
 * The language for defining providers: `repoform/provider`. It exports everything that a definition needs.
 * See docs/guides/your-own-provider.md.
 */
export * as z from 'zod';
export { attributeName, type AttributePath, type Diagnostic, ELEMENT, error, warning } from '../../common/diagnostic';
export { UNKNOWN, type Unknown } from '../../common/value';
export { type ActionCall, type ActionCheckCall, type ActionCheckHook, type ActionSource, defineAction } from './action';
export { attr, type Attribute, type Attributes, type Facts, type ValueOf, type Values } from './attribute';
export type { ApiAnswer, ApiClient, ApiRequest, CallOptions, ClientAdditions, Digest, LogFields, LoggedIn, Login, Upload } from './client';
export { type CollectionSource, defineCollection } from './collection';
export { basic, bearerOrBasic, connection, credentials } from './connection';
export { type DataSourceSource, defineDataSource, type Limited, upTo } from './data-source';
export type {
  ActionDefinition,
  ClientUse,
  DataSourceDefinition,
  DocsSection,
  EphemeralDefinition,
  ExampleConfig,
  FunctionDefinition,
  OtherForm,
  ResourceDefinition,
} from './definition';
export { defineEphemeral, type EphemeralSource, type Opened, type Renewed } from './ephemeral';
export type { ApiFailure, DecodedAnswer, ErrorDecoder } from './error-decoder';
export {
  afterwards,
  ApiError,
  ArgumentError,
  AttributeError,
  type ErrorCode,
  type Failure,
  PartialCreateError,
  UnexpectedAnswer,
} from './errors';
export { defineFunction, type FunctionSource } from './function';
export type {
  Call,
  CheckHook,
  DeriveContext,
  DerivedHooks,
  Found,
  KeyOf,
  ListHooks,
  PlanCheckCall,
  PlanCheckHook,
  ReadCall,
  ReadHooks,
  RemoveCall,
  ResourceHooks,
  UpdateCall,
  UpgradeHook,
  VolatileHooks,
  WriteCall,
} from './hooks';
export type { Impact, Openness } from './impact';
export { dig, isJsonObject, type Json, type JsonObject, listOf, numberOf, textOf, textsOf } from './json';
export { type MoveSource, restapiObject } from './moves';
export {
  definePermission,
  type Need,
  type Needs,
  type Operation,
  type Permission,
  type PermissionSource,
  type Place,
  type ResourceOperation,
} from './needs';
export { nested, type NestedType } from './nested';
export { fetchAll, fetchPages, type PagedList } from './paged';
export { type ConnectContext, defineProvider, type ProviderDefinition, type ProviderSource, type ServerProof } from './provider';
export { computedAttributes, dataSourceOf, listDataSourceOf, type ListOptions } from './read-only';
export { type ContentsHooks, defineResource, type DeleteGuardHooks, type Example, type ResourceSource } from './resource';
export { notFoundIsNothing, rest, type RestCollection, type RestHooks } from './rest';
export { type ApiCase, type NestedField, nestedFields } from './shape';
export type { DataServerCall, NamedKey, Readable, ServerCall } from './server';
export { baseUrl, distinct, pattern, repositoryName, seconds, secret, text, wholeNumber } from './types';
export { type Awaited, until } from './until';
export { unwrapList, unwrapObject } from './unwrap';
export { type Config, known, knownItems, type MaybeUnknown, present } from './values';
