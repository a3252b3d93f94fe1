import type { OtherForm } from '../../schema/define';
import { aliasAnnotation, repositoryKinds, workspaceLabel } from '../../common/kubesphere/objects';

const manifest = (...path: readonly string[]): readonly string[] => ['manifest', ...path];

const recognizedBy = ({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string;
  readonly kind: string;
}): Pick<OtherForm, 'source' | 'type' | 'where'> => ({
  source: 'hashicorp/kubernetes',
  type: 'kubernetes_manifest',
  where: [
    { path: manifest('apiVersion'), value: apiVersion },
    { path: manifest('kind'), value: kind },
  ],
});

const common = {
  workspace: manifest('metadata', 'labels', workspaceLabel),
  url: manifest('spec', 'url'),
  description: manifest('spec', 'description'),
  syncPeriod: manifest('spec', 'syncPeriod'),
  username: manifest('spec', 'credential', 'username'),
  password: manifest('spec', 'credential', 'password'),
  accessKeyId: manifest('spec', 'credential', 'accessKeyID'),
  secretAccessKey: manifest('spec', 'credential', 'secretAccessKey'),
};

/** App repositories as Kubernetes objects, which `AppRepositoryManifest` writes, too. */
export const otherForms: readonly OtherForm[] = [
  {
    ...recognizedBy(repositoryKinds[4]),
    paths: { ...common, name: manifest('metadata', 'name'), displayName: manifest('metadata', 'annotations', aliasAnnotation) },
    // Version 4 reads an index again when the period has passed, and never otherwise.
    fixed: { syncOnChange: false },
  },
  { ...recognizedBy(repositoryKinds[3]), paths: { ...common, name: manifest('spec', 'name') } },
];
