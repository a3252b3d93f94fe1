import { type ClientFormat, urlOf } from './target';

/** Terraform wants a network mirror to be https. */
export const terraformCli: ClientFormat = {
  name: 'terraform',
  packageType: 'terraform',
  file: '.terraformrc',
  text: (target) => `provider_installation {\n  network_mirror {\n    url = ${JSON.stringify(`${urlOf(target)}/`)}\n  }\n}\n`,
};
