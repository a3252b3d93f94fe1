import { type ClientFormat, hostOf, isPlain } from './target';

/** For podman, skopeo and buildah. To answer for another registry, change the prefix to its name. */
export const registriesConf: ClientFormat = {
  name: 'registries_conf',
  packageType: 'docker',
  file: '/etc/containers/registries.conf.d/repoform.conf',
  text: (target) => {
    const location = JSON.stringify(`${hostOf(target)}/${target.name}`);
    return `[[registry]]\nprefix = ${location}\nlocation = ${location}\ninsecure = ${isPlain(target)}\n`;
  },
};
