/** The Kubernetes objects of app repositories, by generation of KubeSphere. */
export const repositoryKinds = {
  '3': { apiVersion: 'application.kubesphere.io/v1alpha1', kind: 'HelmRepo' },
  '4': { apiVersion: 'application.kubesphere.io/v2', kind: 'Repo' },
} as const;

/** The label with the workspace that an object belongs to. */
export const workspaceLabel = 'kubesphere.io/workspace';
/** The annotation with the name that the console shows. */
export const aliasAnnotation = 'kubesphere.io/alias-name';
/** The annotation with the user who created an object. */
export const creatorAnnotation = 'kubesphere.io/creator';
