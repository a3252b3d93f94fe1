/** Former names of exported types, kept so that code that uses them compiles. */
export type {
  /** @deprecated Use `RepositoryNetworkProxy`. */ RepositoryNetworkProxy as CompositeRepositoryNetworkProxy,
  /** @deprecated Use `RepositorySettings`. */ RepositorySettings as CompositeRepositorySettings,
  /** @deprecated Use `RepositorySettingsAutoIndex`. */ RepositorySettingsAutoIndex as CompositeRepositorySettingsAutoIndex,
  /** @deprecated Use `RepositorySettingsCleanupStrategy`. */ RepositorySettingsCleanupStrategy as CompositeRepositorySettingsCleanupStrategy,
  /** @deprecated Use `RepositorySettingsDownloadRedirect`. */ RepositorySettingsDownloadRedirect as CompositeRepositorySettingsDownloadRedirect,
  /** @deprecated Use `RepositorySettingsInterceptors`. */ RepositorySettingsInterceptors as CompositeRepositorySettingsInterceptors,
  /** @deprecated Use `RepositorySettingsInterceptorsRules`. */ RepositorySettingsInterceptorsRules as CompositeRepositorySettingsInterceptorsRules,
  /** @deprecated Use `Timeouts`. */ Timeouts as CompositeRepositoryTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as GenericFileTimeouts,
  /** @deprecated Use `RepositorySettings`. */ RepositorySettings as LocalRepositorySettings,
  /** @deprecated Use `RepositorySettingsAutoIndex`. */ RepositorySettingsAutoIndex as LocalRepositorySettingsAutoIndex,
  /** @deprecated Use `RepositorySettingsCleanupStrategy`. */ RepositorySettingsCleanupStrategy as LocalRepositorySettingsCleanupStrategy,
  /** @deprecated Use `RepositorySettingsDownloadRedirect`. */ RepositorySettingsDownloadRedirect as LocalRepositorySettingsDownloadRedirect,
  /** @deprecated Use `RepositorySettingsInterceptors`. */ RepositorySettingsInterceptors as LocalRepositorySettingsInterceptors,
  /** @deprecated Use `RepositorySettingsInterceptorsRules`. */ RepositorySettingsInterceptorsRules as LocalRepositorySettingsInterceptorsRules,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalRepositoryTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as NodeMetadataTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as PermissionTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as ProjectTimeouts,
  /** @deprecated Use `RepositorySettings`. */ RepositorySettings as ProxyRepositorySettings,
  /** @deprecated Use `RepositorySettingsAutoIndex`. */ RepositorySettingsAutoIndex as ProxyRepositorySettingsAutoIndex,
  /** @deprecated Use `RepositorySettingsCleanupStrategy`. */ RepositorySettingsCleanupStrategy as ProxyRepositorySettingsCleanupStrategy,
  /** @deprecated Use `RepositorySettingsDownloadRedirect`. */ RepositorySettingsDownloadRedirect as ProxyRepositorySettingsDownloadRedirect,
  /** @deprecated Use `RepositorySettingsInterceptors`. */ RepositorySettingsInterceptors as ProxyRepositorySettingsInterceptors,
  /** @deprecated Use `RepositorySettingsInterceptorsRules`. */ RepositorySettingsInterceptorsRules as ProxyRepositorySettingsInterceptorsRules,
  /** @deprecated Use `Timeouts`. */ Timeouts as ProxyRepositoryTimeouts,
  /** @deprecated Use `RepositoryNetworkProxy`. */ RepositoryNetworkProxy as RemoteRepositoryNetworkProxy,
  /** @deprecated Use `RepositorySettings`. */ RepositorySettings as RemoteRepositorySettings,
  /** @deprecated Use `RepositorySettingsAutoIndex`. */ RepositorySettingsAutoIndex as RemoteRepositorySettingsAutoIndex,
  /** @deprecated Use `RepositorySettingsCleanupStrategy`. */ RepositorySettingsCleanupStrategy as RemoteRepositorySettingsCleanupStrategy,
  /** @deprecated Use `RepositorySettingsDownloadRedirect`. */ RepositorySettingsDownloadRedirect as RemoteRepositorySettingsDownloadRedirect,
  /** @deprecated Use `RepositorySettingsInterceptors`. */ RepositorySettingsInterceptors as RemoteRepositorySettingsInterceptors,
  /** @deprecated Use `RepositorySettingsInterceptorsRules`. */ RepositorySettingsInterceptorsRules as RemoteRepositorySettingsInterceptorsRules,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteRepositoryTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RepositoryAccessModeTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RoleTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as UserTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as UserTokenTimeouts,
  /** @deprecated Use `RepositorySettings`. */ RepositorySettings as VirtualRepositorySettings,
  /** @deprecated Use `RepositorySettingsAutoIndex`. */ RepositorySettingsAutoIndex as VirtualRepositorySettingsAutoIndex,
  /** @deprecated Use `RepositorySettingsCleanupStrategy`. */ RepositorySettingsCleanupStrategy as VirtualRepositorySettingsCleanupStrategy,
  /** @deprecated Use `RepositorySettingsDownloadRedirect`. */ RepositorySettingsDownloadRedirect as VirtualRepositorySettingsDownloadRedirect,
  /** @deprecated Use `RepositorySettingsInterceptors`. */ RepositorySettingsInterceptors as VirtualRepositorySettingsInterceptors,
  /** @deprecated Use `RepositorySettingsInterceptorsRules`. */ RepositorySettingsInterceptorsRules as VirtualRepositorySettingsInterceptorsRules,
  /** @deprecated Use `Timeouts`. */ Timeouts as VirtualRepositoryTimeouts,
} from '../generated/bkrepo';
export {
  /** @deprecated Use `RepositoryNetworkProxyOutputReference`. */ RepositoryNetworkProxyOutputReference as CompositeRepositoryNetworkProxyOutputReference,
  /** @deprecated Use `RepositorySettingsAutoIndexOutputReference`. */ RepositorySettingsAutoIndexOutputReference as CompositeRepositorySettingsAutoIndexOutputReference,
  /** @deprecated Use `RepositorySettingsCleanupStrategyOutputReference`. */ RepositorySettingsCleanupStrategyOutputReference as CompositeRepositorySettingsCleanupStrategyOutputReference,
  /** @deprecated Use `RepositorySettingsDownloadRedirectOutputReference`. */ RepositorySettingsDownloadRedirectOutputReference as CompositeRepositorySettingsDownloadRedirectOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsList`. */ RepositorySettingsInterceptorsList as CompositeRepositorySettingsInterceptorsList,
  /** @deprecated Use `RepositorySettingsInterceptorsOutputReference`. */ RepositorySettingsInterceptorsOutputReference as CompositeRepositorySettingsInterceptorsOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsRulesOutputReference`. */ RepositorySettingsInterceptorsRulesOutputReference as CompositeRepositorySettingsInterceptorsRulesOutputReference,
  /** @deprecated Use `RepositorySettingsOutputReference`. */ RepositorySettingsOutputReference as CompositeRepositorySettingsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as CompositeRepositoryTimeoutsOutputReference,
  /** @deprecated Use `RepositorySettingsAutoIndexOutputReference`. */ RepositorySettingsAutoIndexOutputReference as DataBkrepoRepositoriesRepositoriesSettingsAutoIndexOutputReference,
  /** @deprecated Use `RepositorySettingsCleanupStrategyOutputReference`. */ RepositorySettingsCleanupStrategyOutputReference as DataBkrepoRepositoriesRepositoriesSettingsCleanupStrategyOutputReference,
  /** @deprecated Use `RepositorySettingsDownloadRedirectOutputReference`. */ RepositorySettingsDownloadRedirectOutputReference as DataBkrepoRepositoriesRepositoriesSettingsDownloadRedirectOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsList`. */ RepositorySettingsInterceptorsList as DataBkrepoRepositoriesRepositoriesSettingsInterceptorsList,
  /** @deprecated Use `RepositorySettingsInterceptorsOutputReference`. */ RepositorySettingsInterceptorsOutputReference as DataBkrepoRepositoriesRepositoriesSettingsInterceptorsOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsRulesOutputReference`. */ RepositorySettingsInterceptorsRulesOutputReference as DataBkrepoRepositoriesRepositoriesSettingsInterceptorsRulesOutputReference,
  /** @deprecated Use `RepositorySettingsOutputReference`. */ RepositorySettingsOutputReference as DataBkrepoRepositoriesRepositoriesSettingsOutputReference,
  /** @deprecated Use `RepositorySettingsAutoIndexOutputReference`. */ RepositorySettingsAutoIndexOutputReference as DataBkrepoRepositorySettingsAutoIndexOutputReference,
  /** @deprecated Use `RepositorySettingsCleanupStrategyOutputReference`. */ RepositorySettingsCleanupStrategyOutputReference as DataBkrepoRepositorySettingsCleanupStrategyOutputReference,
  /** @deprecated Use `RepositorySettingsDownloadRedirectOutputReference`. */ RepositorySettingsDownloadRedirectOutputReference as DataBkrepoRepositorySettingsDownloadRedirectOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsList`. */ RepositorySettingsInterceptorsList as DataBkrepoRepositorySettingsInterceptorsList,
  /** @deprecated Use `RepositorySettingsInterceptorsOutputReference`. */ RepositorySettingsInterceptorsOutputReference as DataBkrepoRepositorySettingsInterceptorsOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsRulesOutputReference`. */ RepositorySettingsInterceptorsRulesOutputReference as DataBkrepoRepositorySettingsInterceptorsRulesOutputReference,
  /** @deprecated Use `RepositorySettingsOutputReference`. */ RepositorySettingsOutputReference as DataBkrepoRepositorySettingsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as GenericFileTimeoutsOutputReference,
  /** @deprecated Use `RepositorySettingsAutoIndexOutputReference`. */ RepositorySettingsAutoIndexOutputReference as LocalRepositorySettingsAutoIndexOutputReference,
  /** @deprecated Use `RepositorySettingsCleanupStrategyOutputReference`. */ RepositorySettingsCleanupStrategyOutputReference as LocalRepositorySettingsCleanupStrategyOutputReference,
  /** @deprecated Use `RepositorySettingsDownloadRedirectOutputReference`. */ RepositorySettingsDownloadRedirectOutputReference as LocalRepositorySettingsDownloadRedirectOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsList`. */ RepositorySettingsInterceptorsList as LocalRepositorySettingsInterceptorsList,
  /** @deprecated Use `RepositorySettingsInterceptorsOutputReference`. */ RepositorySettingsInterceptorsOutputReference as LocalRepositorySettingsInterceptorsOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsRulesOutputReference`. */ RepositorySettingsInterceptorsRulesOutputReference as LocalRepositorySettingsInterceptorsRulesOutputReference,
  /** @deprecated Use `RepositorySettingsOutputReference`. */ RepositorySettingsOutputReference as LocalRepositorySettingsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalRepositoryTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as NodeMetadataTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as PermissionTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as ProjectTimeoutsOutputReference,
  /** @deprecated Use `RepositorySettingsAutoIndexOutputReference`. */ RepositorySettingsAutoIndexOutputReference as ProxyRepositorySettingsAutoIndexOutputReference,
  /** @deprecated Use `RepositorySettingsCleanupStrategyOutputReference`. */ RepositorySettingsCleanupStrategyOutputReference as ProxyRepositorySettingsCleanupStrategyOutputReference,
  /** @deprecated Use `RepositorySettingsDownloadRedirectOutputReference`. */ RepositorySettingsDownloadRedirectOutputReference as ProxyRepositorySettingsDownloadRedirectOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsList`. */ RepositorySettingsInterceptorsList as ProxyRepositorySettingsInterceptorsList,
  /** @deprecated Use `RepositorySettingsInterceptorsOutputReference`. */ RepositorySettingsInterceptorsOutputReference as ProxyRepositorySettingsInterceptorsOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsRulesOutputReference`. */ RepositorySettingsInterceptorsRulesOutputReference as ProxyRepositorySettingsInterceptorsRulesOutputReference,
  /** @deprecated Use `RepositorySettingsOutputReference`. */ RepositorySettingsOutputReference as ProxyRepositorySettingsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as ProxyRepositoryTimeoutsOutputReference,
  /** @deprecated Use `RepositoryNetworkProxyOutputReference`. */ RepositoryNetworkProxyOutputReference as RemoteRepositoryNetworkProxyOutputReference,
  /** @deprecated Use `RepositorySettingsAutoIndexOutputReference`. */ RepositorySettingsAutoIndexOutputReference as RemoteRepositorySettingsAutoIndexOutputReference,
  /** @deprecated Use `RepositorySettingsCleanupStrategyOutputReference`. */ RepositorySettingsCleanupStrategyOutputReference as RemoteRepositorySettingsCleanupStrategyOutputReference,
  /** @deprecated Use `RepositorySettingsDownloadRedirectOutputReference`. */ RepositorySettingsDownloadRedirectOutputReference as RemoteRepositorySettingsDownloadRedirectOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsList`. */ RepositorySettingsInterceptorsList as RemoteRepositorySettingsInterceptorsList,
  /** @deprecated Use `RepositorySettingsInterceptorsOutputReference`. */ RepositorySettingsInterceptorsOutputReference as RemoteRepositorySettingsInterceptorsOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsRulesOutputReference`. */ RepositorySettingsInterceptorsRulesOutputReference as RemoteRepositorySettingsInterceptorsRulesOutputReference,
  /** @deprecated Use `RepositorySettingsOutputReference`. */ RepositorySettingsOutputReference as RemoteRepositorySettingsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteRepositoryTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RepositoryAccessModeTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RoleTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as UserTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as UserTokenTimeoutsOutputReference,
  /** @deprecated Use `RepositorySettingsAutoIndexOutputReference`. */ RepositorySettingsAutoIndexOutputReference as VirtualRepositorySettingsAutoIndexOutputReference,
  /** @deprecated Use `RepositorySettingsCleanupStrategyOutputReference`. */ RepositorySettingsCleanupStrategyOutputReference as VirtualRepositorySettingsCleanupStrategyOutputReference,
  /** @deprecated Use `RepositorySettingsDownloadRedirectOutputReference`. */ RepositorySettingsDownloadRedirectOutputReference as VirtualRepositorySettingsDownloadRedirectOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsList`. */ RepositorySettingsInterceptorsList as VirtualRepositorySettingsInterceptorsList,
  /** @deprecated Use `RepositorySettingsInterceptorsOutputReference`. */ RepositorySettingsInterceptorsOutputReference as VirtualRepositorySettingsInterceptorsOutputReference,
  /** @deprecated Use `RepositorySettingsInterceptorsRulesOutputReference`. */ RepositorySettingsInterceptorsRulesOutputReference as VirtualRepositorySettingsInterceptorsRulesOutputReference,
  /** @deprecated Use `RepositorySettingsOutputReference`. */ RepositorySettingsOutputReference as VirtualRepositorySettingsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as VirtualRepositoryTimeoutsOutputReference,
} from '../generated/bkrepo';

/** @deprecated It cannot be set. */
export type DataBkrepoNodesNodes = object;
/** @deprecated It cannot be set. */
export type DataBkrepoPackagesPackages = object;
/** @deprecated It cannot be set. */
export type DataBkrepoPermissionsPermissions = object;
/** @deprecated It cannot be set. */
export type DataBkrepoProjectsProjects = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositoriesRepositories = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositoriesRepositoriesSettings = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositoriesRepositoriesSettingsAutoIndex = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositoriesRepositoriesSettingsCleanupStrategy = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositoriesRepositoriesSettingsDownloadRedirect = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositoriesRepositoriesSettingsInterceptors = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositoriesRepositoriesSettingsInterceptorsRules = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositorySettings = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositorySettingsAutoIndex = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositorySettingsCleanupStrategy = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositorySettingsDownloadRedirect = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositorySettingsInterceptors = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRepositorySettingsInterceptorsRules = object;
/** @deprecated It cannot be set. */
export type DataBkrepoRolesRoles = object;
/** @deprecated It cannot be set. */
export type DataBkrepoUserTokensTokens = object;
/** @deprecated It cannot be set. */
export type DataBkrepoUsersUsers = object;
/** @deprecated It cannot be set. */
export type EphemeralBkrepoTemporaryAccessGranted = object;
