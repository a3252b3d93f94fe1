import { durationProblem } from '../../../src/common/duration';
import { repositoryNameDoubt, repositoryNameProblem, workspaceProblem } from '../../../src/common/kubesphere/name';
import { credentialProblems, descriptionDoubt, descriptionProblem } from '../../../src/common/kubesphere/rules';
import { periodDoubt, periodProblem } from '../../../src/common/kubesphere/sync-period';
import { repositoryUrlProblem, schemeNames, schemeOf } from '../../../src/common/kubesphere/url';
import { UNKNOWN } from '../../../src/common/value';
import { isToken } from '../../base/token';
import { secondsOf, type Generation } from './object';
import type { AppRepositoryManifestProps } from './props';

type Props = AppRepositoryManifestProps;
type Rule<T> = (value: T, version: Generation) => string | undefined;

/** What makes a value wrong, by property; tokens and what is not set pass. */
const problemOf: { readonly [K in keyof Props]?: Rule<NonNullable<Props[K]>> } = {
  name: repositoryNameProblem,
  url: repositoryUrlProblem,
  type: (type) =>
    (schemeNames as readonly string[]).includes(type) ? undefined : `"${type}" is not a type; allowed are ${schemeNames.join(', ')}`,
  displayName: (text, version) =>
    version === '3' ? `"${text}" needs KubeSphere 4; version 3 shows the name itself, which may be any text` : undefined,
  workspace: workspaceProblem,
  description: descriptionProblem,
  syncPeriod: periodProblem,
  syncTrigger: (_, version) =>
    version === '4' ? 'it needs KubeSphere 3; version 4 reads an index again when the sync period has passed' : undefined,
  caFile: fileProblem,
  certFile: fileProblem,
  keyFile: fileProblem,
  syncTimeout: durationProblem,
  objectName: objectNameProblem,
};

/** What makes a valid value doubtful. */
const doubtOf: { readonly [K in keyof Props]?: Rule<NonNullable<Props[K]>> } = {
  name: repositoryNameDoubt,
  description: descriptionDoubt,
  syncPeriod: periodDoubt,
};

/** What is wrong with the properties of a manifest. */
export const manifestProblems = (props: Props, version: Generation): readonly string[] => [
  ...judged(props, version, problemOf),
  ...credentialProblems({ ...props, ...unknowns(props) }).map(({ attribute, text }) => `${attribute}: ${text}`),
  ...tlsProblems(props),
  ...stateProblems(props),
  ...(props.waitForSync && neverSyncs(props, version)
    ? ['waitForSync: KubeSphere 4 never reads the index of a repository without a sync period; set syncPeriod to 3 minutes or more']
    : []),
];

/** What is doubtful about the properties of a manifest without problems. */
export const manifestDoubts = (props: Props, version: Generation): readonly string[] => [
  ...judged(props, version, doubtOf),
  ...(neverSyncs(props, version)
    ? [
        'syncPeriod: it is 0, so KubeSphere 4 reads the index only when somebody starts that in the console; set it to 3 minutes or more, or use AppRepository, which starts it',
      ]
    : []),
];

/** Whether KubeSphere never reads the index by itself. */
export const neverSyncs = ({ syncPeriod }: Props, version: Generation): boolean => version === '4' && secondsOf(syncPeriod) === 0;

function judged(props: Props, version: Generation, rules: typeof problemOf): string[] {
  return Object.entries(rules).flatMap(([key, rule]) => {
    const value = props[key as keyof Props];
    if (value === undefined || value === null || isToken(value)) return [];
    const isText = typeof value === 'string' || (typeof value === 'number' && key === 'syncPeriod');
    const problem = isText ? (rule as Rule<unknown>)(value, version) : `it is a ${typeof value}; it must be a string`;
    return problem === undefined ? [] : [`${key}: ${problem}`];
  });
}

/** The tokens among the texts, as the shared rules take them. */
const unknowns = (props: Props): object =>
  Object.fromEntries(Object.entries(props).flatMap(([key, value]) => (isToken(value) ? [[key, UNKNOWN]] : [])));

const files = ['caFile', 'certFile', 'keyFile'] as const;

function tlsProblems(props: Props): string[] {
  const { url, insecureSkipTlsVerify, certFile, keyFile } = props;
  const given = files.filter((key) => props[key] !== undefined);
  const scheme = typeof url === 'string' && !isToken(url) ? schemeOf(url) : undefined;
  const wrong = (allowed: string, key: string): string =>
    `${key}: it is only for URLs of type ${allowed}, and this one is of type ${scheme}`;
  return [
    ...given.filter(() => scheme !== undefined && scheme !== 'https').map((key) => wrong('https', key)),
    ...(insecureSkipTlsVerify !== undefined && scheme !== undefined && scheme !== 'https' && scheme !== 'oci'
      ? [wrong('https or oci', 'insecureSkipTlsVerify')]
      : []),
    ...(insecureSkipTlsVerify === true
      ? given.map((key) => `${key}: KubeSphere looks at it only if it verifies certificates; set insecureSkipTlsVerify to false`)
      : []),
    ...((certFile === undefined) === (keyFile === undefined)
      ? []
      : [
          `${certFile === undefined ? 'keyFile' : 'certFile'}: it is set without a ${certFile === undefined ? 'certFile' : 'keyFile'}; set both or neither`,
        ]),
  ];
}

/** Without the word of the user, no secret goes into the state. */
function stateProblems(props: Props): string[] {
  if (props.credentialsInState === true) return [];
  const forms = { password: 'passwordWo', secretAccessKey: 'secretAccessKeyWo' } as const;
  return Object.entries(forms).flatMap(([key, form]) =>
    props[key as keyof typeof forms] === undefined
      ? []
      : [
          `${key}: kubernetes_manifest has no write-only attribute, so it would be readable in the state and in plans; use AppRepository with ${form}, or accept that with credentialsInState: true`,
        ],
  );
}

function fileProblem(path: string): string | undefined {
  if (path.includes('-----BEGIN')) return 'it is PEM text; give the path of a file in the containers of KubeSphere';
  return path.startsWith('/') ? undefined : `"${path}" is not an absolute path; give the path of a file in the containers of KubeSphere`;
}

function objectNameProblem(name: string, version: Generation): string | undefined {
  if (version === '4') return `"${name}" is for KubeSphere 3; on version 4 the name is that of the object`;
  if (name === 'repo-helm') return '"repo-helm" is the id of the App Store; choose another name';
  return /^repo-[a-z0-9]([-a-z0-9]{0,56}[a-z0-9])?$/.test(name)
    ? undefined
    : `"${name}" cannot be the name of the object; allowed are "repo-" and up to 58 lower-case letters, digits and "-", ending with a letter or digit`;
}
