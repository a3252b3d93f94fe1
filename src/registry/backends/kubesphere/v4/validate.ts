import { type Generation } from '../generation';
import { isObjectName } from './short-names';

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const LABEL = /^(?:[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** What is looked at of a repository before it is stored. */
interface Candidate {
  readonly name: string;
  readonly workspace: string;
  readonly syncPeriod: number | undefined;
}

/** Why the API server refuses a repository; nothing if it does not. */
export function repoProblem({ needsSyncPeriod }: Generation, { name, workspace, syncPeriod }: Candidate): string | undefined {
  return objectProblem('Repo.application.kubesphere.io', name, [
    ...labelProblems('metadata.labels', workspace),
    ...(needsSyncPeriod && syncPeriod === undefined ? ['spec.syncPeriod: Required value'] : []),
  ]);
}

/** Why the API server refuses an object: its name, and whatever else is wrong with it. */
export function objectProblem(kind: string, name: string, more: readonly string[] = []): string | undefined {
  const problems = [...nameProblems(name), ...more];
  if (problems.length === 0) return undefined;
  return `${kind} ${JSON.stringify(name)} is invalid: ${problems.length > 1 ? `[${problems.join(', ')}]` : problems[0]}`;
}

/** Why a text cannot be the value of a label. */
export function labelProblems(where: string, value: string): string[] {
  const said = `${where}: Invalid value: ${JSON.stringify(value)}: `;
  return [
    ...(Buffer.byteLength(value) > 63 ? [`${said}must be no more than 63 characters`] : []),
    ...(LABEL.test(value) ? [] : [said + LABEL_RULE]),
  ];
}

function nameProblems(name: string): string[] {
  if (name === '') return ['metadata.name: Required value: name or generateName is required'];
  const said = `metadata.name: Invalid value: ${JSON.stringify(name)}: `;
  if (name.length > 253) return [`${said}must be no more than 253 characters`];
  return isObjectName(name) ? [] : [said + SUBDOMAIN_RULE];
}
