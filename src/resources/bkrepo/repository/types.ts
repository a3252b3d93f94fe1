/** The types of repositories that the server knows. */
export const types = [
  'GENERIC',
  'DOCKER',
  'MAVEN',
  'PYPI',
  'NPM',
  'HELM',
  'RDS',
  'COMPOSER',
  'RPM',
  'NUGET',
  'GIT',
  'OCI',
  'CONAN',
  'LFS',
  'DDC',
  'SVN',
  'S3',
  'MEDIA',
  'OHPM',
  'CARGO',
  'HUGGINGFACE',
  'DRIVE',
  'SKILL',
  'NONE',
] as const;

/** Those whose upstream the server can ask; of others it has only stubs. */
export const proxying = [
  'GENERIC',
  'DOCKER',
  'MAVEN',
  'PYPI',
  'NPM',
  'HELM',
  'COMPOSER',
  'NUGET',
  'OCI',
  'LFS',
  'OHPM',
  'CARGO',
  'HUGGINGFACE',
] as const;

/** Those that the server mirrors as a whole. */
export const mirrored = ['GIT', 'SVN'] as const;

/** The package types for whose clients there is a configuration, by the types that they are called here. */
export const packageTypes = { NPM: 'npm', PYPI: 'pypi', HELM: 'helm', DOCKER: 'docker', OCI: 'docker' } as const;
