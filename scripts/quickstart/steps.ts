import type { ListrTask } from 'listr2';
import { chartRepository } from './charts';
import { deploy, forgetLastRun, type Outputs, readOutputs, type StackInputs } from './deploy';
import { fetchCharts, get, uploadAndDownload } from './fetching';
import { serveFiles } from './file-server';
import { installTwice, type NpmResult } from './npm-client';
import { chooseNpmUpstream, type NpmUpstream } from './npm-upstream';
import type { Processes } from './processes';
import { startRegistry } from './registry';

/** What the steps learn, one from the other. */
export interface Run {
  readonly processes: Processes;
  endpoint: string;
  npm: NpmUpstream;
  inputs: StackInputs;
  outputs: Outputs;
  npmResult: NpmResult;
  charts: readonly string[];
  file: string;
}

type Step = ListrTask<Run>;
type Task = Parameters<Step['task']>[1];

const release = '/acme/tool/releases/download/v1.0.0/tool.txt';

/** The steps in their order; each throws when what it shows does not hold. */
export const steps: readonly Step[] = [
  { title: 'Start the embedded registry', task: start },
  { title: 'Find upstreams', task: findUpstreams },
  { title: 'cdktf deploy', task: firstDeploy },
  { title: 'npm install through the npm remote, twice', task: npmInstall },
  { title: 'Fetch the merged index of the Helm virtual, and its charts', task: charts },
  { title: 'Fetch a release through the generic remote', task: download },
  { title: 'Upload a file to the local repository and download it', task: files },
  { title: 'cdktf deploy again', task: secondDeploy },
];

async function start(run: Run, task: Task): Promise<void> {
  forgetLastRun();
  run.endpoint = await startRegistry(run.processes);
  task.title = `Started the embedded registry at ${run.endpoint}`;
}

async function findUpstreams(run: Run, task: Task): Promise<void> {
  run.npm = await chooseNpmUpstream(run.processes);
  const chart = (name: string) => ({ name, version: '1.0.0', description: `The ${name} of the quickstart.` });
  const platform = [chart('gateway'), { ...chart('gateway'), version: '1.1.0' }, chart('metrics')];
  run.inputs = {
    ARTIFACTAPI_ENDPOINT: run.endpoint,
    NPM_UPSTREAM: run.npm.url,
    GENERIC_UPSTREAM: await serveFiles(() => ({ [release]: { type: 'text/plain', body: 'a tool\n' } })),
    HELM_UPSTREAM_1: await serveFiles((url) => chartRepository(url, platform)),
    HELM_UPSTREAM_2: await serveFiles((url) => chartRepository(url, [chart('webshop')])),
  };
  task.title = `Found upstreams (npm: ${run.npm.note}; Helm and generic: small ones of the quickstart's own)`;
}

async function firstDeploy(run: Run, task: Task): Promise<void> {
  const output = await deploy(run.processes, run.inputs, { log: 'deploy-1.log', onLine: (line) => (task.output = line) });
  const added = /Apply complete! Resources: (\d+) added/.exec(output)?.[1];
  if (added !== '6')
    throw new Error(`cdktf deploy made ${added ?? 'no'} resources instead of 6; .repoform/quickstart/deploy-1.log says more`);
  run.outputs = readOutputs();
  task.title = 'cdktf deploy made 6 repositories';
}

async function npmInstall(run: Run, task: Task): Promise<void> {
  run.npmResult = await installTwice(run.processes, run.outputs.npm_url, run.npm);
  task.title = `npm install ${run.npm.packageName}@${run.npm.version} through the npm remote: first from the upstream, then from the cache`;
}

async function charts(run: Run, task: Task): Promise<void> {
  run.charts = await fetchCharts(run.outputs.charts_url, run.endpoint);
  const expected = 'gateway 1.0.0, gateway 1.1.0, metrics 1.0.0, webshop 1.0.0';
  if (run.charts.join(', ') !== expected) throw new Error(`the virtual has the charts ${run.charts.join(', ')} instead of ${expected}`);
  task.title = `Fetched the merged index of the Helm virtual, and its ${run.charts.length} charts`;
}

async function download(run: Run, task: Task): Promise<void> {
  const text = String(await get(run.outputs.downloads_url + release));
  if (text !== 'a tool\n') throw new Error(`the generic remote gave ${JSON.stringify(text)}`);
  task.title = 'Fetched a release through the generic remote';
}

async function files(run: Run, task: Task): Promise<void> {
  run.file = await uploadAndDownload(run.endpoint, { name: 'files', url: run.outputs.files_url });
  task.title = 'Uploaded a file to the local repository and downloaded it';
}

async function secondDeploy(run: Run, task: Task): Promise<void> {
  const output = await deploy(run.processes, run.inputs, { log: 'deploy-2.log', onLine: (line) => (task.output = line) });
  if (!/No changes\. Your infrastructure matches/.test(output))
    throw new Error(`cdktf deploy found something to change; .repoform/quickstart/deploy-2.log says what`);
  task.title = 'cdktf deploy again: no changes';
}
