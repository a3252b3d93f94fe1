/** Former names of exported types, kept so that code that uses them compiles. */
export type {
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalAlpineTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalDockerTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalFileTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalGenericTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalGoproxyTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalHelmTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalNpmTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalPuppetTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalPypiTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalRpmTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as LocalTerraformTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteAlpineTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteDockerTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteGenericTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteGoproxyTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteHelmTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteNpmTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemotePuppetTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemotePypiTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteRpmTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as RemoteTerraformTimeouts,
  /** @deprecated Use `Timeouts`. */ Timeouts as VirtualTimeouts,
} from '../generated/artifactapi';
export {
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalAlpineTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalDockerTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalFileTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalGenericTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalGoproxyTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalHelmTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalNpmTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalPuppetTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalPypiTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalRpmTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as LocalTerraformTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteAlpineTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteDockerTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteGenericTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteGoproxyTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteHelmTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteNpmTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemotePuppetTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemotePypiTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteRpmTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as RemoteTerraformTimeoutsOutputReference,
  /** @deprecated Use `TimeoutsOutputReference`. */ TimeoutsOutputReference as VirtualTimeoutsOutputReference,
} from '../generated/artifactapi';

/** @deprecated It cannot be set. */
export type DataArtifactapiObjectsObjects = object;
/** @deprecated It cannot be set. */
export type DataArtifactapiRemotesRemotes = object;
/** @deprecated It cannot be set. */
export type DataArtifactapiVirtualsVirtuals = object;
