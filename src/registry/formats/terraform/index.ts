import { type Format } from '../format';

const PROVIDER_ZIP = /^([^/]+)\/([^/]+)\/terraform-provider-([^/_]+)_([^/_]+)_([^/_]+)_([^/_]+)\.zip$/;

/** Terraform providers and modules. */
export const terraform: Format = {
  packageType: 'terraform',
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
