import { conditional, Op, Token, Tokenization } from 'cdktf';
import { aliasAnnotation, creatorAnnotation, repositoryKinds, workspaceLabel } from '../../../src/common/kubesphere/objects';
import { periodSeconds } from '../../../src/common/kubesphere/sync-period';
import { completeUrl } from '../../../src/common/kubesphere/url';
import { hashNumber } from '../../base/provider-function';
import { isToken } from '../../base/token';
import type { AppRepositoryManifestProps } from './props';

/** The generations of KubeSphere. */
export type Generation = AppRepositoryManifestProps['version'];

/** A Kubernetes object, and what it looks like once KubeSphere has read the index. */
export interface RepositoryObject {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Patterns by path. */
  readonly synced: Readonly<Record<string, string>>;
}

/** A sync period as a number of seconds, which may be a token. */
export const secondsOf = (period: string | number = 0): number =>
  isToken(period) ? (typeof period === 'number' ? period : Token.asNumber(period)) : (periodSeconds(period) ?? 0);

/** Makes the object of a generation; `fallback` is its name where the properties give none. */
export const repositoryObjects: Readonly<Record<Generation, (props: AppRepositoryManifestProps, fallback: string) => RepositoryObject>> = {
  '3': (props, fallback) => {
    const period = secondsOf(props.syncPeriod);
    const version = hashNumber([urlOf(props), props.username, props.accessKeyId, props.syncTrigger].map((part) => part ?? '').join(' '));
    return {
      manifest: {
        ...repositoryKinds[3],
        metadata: {
          name: props.objectName ?? fallback,
          labels: labelsOf(props),
          // The console shows no other period than that of the annotation.
          ...annotations({
            [creatorAnnotation]: props.creator,
            'app.kubesphere.io/sync-period': period === 0 ? undefined : `${text(period)}s`,
          }),
        },
        spec: { name: props.name, ...common(props), ...defined({ syncPeriod: unlessZero(period) }), version },
      },
      // The state alone remains that of the index before.
      synced: { 'status.state': '^successful$', 'status.version': `^${text(version)}$` },
    };
  },
  '4': (props) => ({
    manifest: {
      ...repositoryKinds[4],
      metadata: {
        name: props.name,
        labels: labelsOf(props),
        ...annotations({ [aliasAnnotation]: props.displayName, [creatorAnnotation]: props.creator }),
      },
      // Required from 4.1.3 on, 0 included.
      spec: { ...common(props), syncPeriod: secondsOf(props.syncPeriod) },
    },
    synced: { 'status.state': '^successful$' },
  }),
};

/** The controller of version 3 writes objects back without what is zero or empty; Terraform would take that for a fault of its provider. */
const unlessZero = (period: number): unknown =>
  isToken(period) ? conditional(Op.gte(period, 1), period, Token.nullValue()) : period || undefined;

/** A number in a text; a token must be told. */
const text = (number: number): string => Tokenization.stringifyNumber(number);

const labelsOf = ({ workspace = 'system-workspace', labels }: AppRepositoryManifestProps): object => ({
  ...labels,
  [workspaceLabel]: workspace,
});

function annotations(given: Readonly<Record<string, string | undefined>>): object {
  const set = defined(given);
  return Object.keys(set).length > 0 ? { annotations: set } : {};
}

const urlOf = ({ url }: AppRepositoryManifestProps): string => (typeof url !== 'string' || isToken(url) ? url : completeUrl(url));

/** What both generations have in `spec`. */
function common(props: AppRepositoryManifestProps): object {
  const { username, password, accessKeyId, secretAccessKey, caFile, certFile, keyFile } = props;
  const verified = caFile !== undefined || certFile !== undefined ? false : undefined;
  const credential = defined({
    username,
    password,
    accessKeyID: accessKeyId,
    secretAccessKey,
    caFile,
    certFile,
    keyFile,
    // Unset, KubeSphere would verify nothing and not look at the files.
    insecureSkipTLSVerify: props.insecureSkipTlsVerify ?? verified,
  });
  return defined({
    url: urlOf(props),
    description: props.description || undefined,
    credential: Object.keys(credential).length > 0 ? credential : undefined,
  });
}

const defined = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
