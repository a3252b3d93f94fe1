import { type Format } from '../format';

const PROVIDER_ZIP = /^([^/]+)\/([^/]+)\/terraform-provider-([^/_]+)_([^/_]+)_([^/_]+)_([^/_]+)\.zip$/;

/** Terraform providers and modules. */
export const terraform: Format = {
  packageType: 'terraform',
  // Addresses of providers are written in lower case, and registries take them in any.
  canonical: (path) => path.replace(/^v1\/providers\/[^/]+\/[^/]+/, (address) => address.toLowerCase()),
  classify: (path) => (/(?:^|\/)download\/[^/]+\/[^/]+$/.test(path) ? 'immutable' : 'mutable'),
  upload: {
    strict: true,
    check(path) {
      const [, , folderType, fileType] = PROVIDER_ZIP.exec(path) ?? [];
      if (fileType !== undefined && folderType === fileType) return { path, contentType: 'application/zip' };
      return { reason: `expected {namespace}/{type}/terraform-provider-{type}_{version}_{os}_{arch}.zip, got ${path}` };
    },
  },
};
