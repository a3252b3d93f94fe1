import { type ClientFormat, urlOf } from './target';

/** What `helm repo add` would write. */
export const helm: ClientFormat = {
  name: 'helm',
  packageType: 'helm',
  file: 'repositories.yaml',
  text: (target) => `apiVersion: ""\nrepositories:\n  - name: ${JSON.stringify(target.name)}\n    url: ${JSON.stringify(urlOf(target))}\n`,
};
