import { type ClientFormat } from './target';

/** The first segment after `/v2/` is the repository, so the path is part of the host's entry. */
export const containerd: ClientFormat = {
  name: 'containerd',
  packageType: 'docker',
  file: '/etc/containerd/certs.d/<registry>/hosts.toml',
  text: ({ endpoint, name }) => {
    const server = JSON.stringify(`${endpoint.replace(/\/+$/, '')}/v2/${name}`);
    return `server = ${server}\n\n[host.${server}]\n  capabilities = ["pull", "resolve"]\n  override_path = true\n`;
  },
};
