import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { run, type Run } from '../../acceptance/support/command';
import type { World } from './world';

/** A pipeline of GitLab in a world, run by gitlab-ci-local. */
export class GitLab {
  constructor(
    private readonly world: World,
    /** The command. */
    private readonly command: string,
    /** Variables of the project; those with environments, by their names. */
    private readonly variables: Readonly<Record<string, string | Readonly<Record<string, string>>>>,
  ) {}

  /** Makes a repository of the app, as GitLab has it. */
  async start(): Promise<void> {
    const git = (...args: string[]): void => {
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
        cwd: this.world.repository,
        env: this.world.env,
        stdio: 'pipe',
      });
    };
    git('init', '-q', '-b', 'main', '.');
    git('add', '-A');
    git('commit', '-qm', 'registries');
    git('remote', 'add', 'origin', 'git@gitlab.example.com:acme/registries.git');
    git('update-ref', 'refs/remotes/origin/main', 'main');
    git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    await this.serveTerraform();
    const values = Object.entries(this.variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : { type: 'variable', values: value },
    ]);
    writeFileSync(join(this.world.folder, 'variables.yml'), JSON.stringify(Object.fromEntries(values)));
  }

  /** The jobs of a pipeline, with when they run; first, the file may be checked by the schema that GitLab publishes. */
  async jobs(pipeline: Readonly<Record<string, string>>, isChecked = false): Promise<Record<string, string>> {
    const { text } = await this.local([`--json-schema-validation=${isChecked}`, '--list-json'], pipeline);
    const jobs = JSON.parse(text.slice(text.indexOf('[\n'), text.lastIndexOf(']') + 1)) as {
      readonly name: string;
      readonly when: string;
    }[];
    return Object.fromEntries(jobs.flatMap(({ name, when }) => (when === 'never' ? [] : [[name, when]])));
  }

  /** Runs a job of a pipeline. */
  run(job: string, pipeline: Readonly<Record<string, string>>): Promise<Run> {
    return this.local(['--force-shell-executor', '--shell-isolation', '--json-schema-validation=false', job], pipeline);
  }

  /** A file that a job left in its folder. */
  file(job: string, name: string): string {
    const builds = join(this.world.repository, '.gitlab-ci-local/builds');
    const found = readdirSync(builds)
      .map((build) => join(builds, build, name))
      .find((file) => existsSync(file));
    if (found === undefined) throw new Error(`${job} left no ${name}`);
    return readFileSync(found, 'utf8');
  }

  private local(args: readonly string[], pipeline: Readonly<Record<string, string>>): Promise<Run> {
    const given = { CI_API_V4_URL: `${this.world.host.url}/api/v4`, CI_PROJECT_ID: '11', ...pipeline };
    const variables = Object.entries(given).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    const file = '../variables.yml';
    return run(this.command, ['--variables-file', file, ...variables, ...args], { cwd: this.world.repository, env: this.world.env });
  }

  /** Terraform's release as the file downloads it: an archive, in which the machine's own Terraform is called. */
  private async serveTerraform(): Promise<void> {
    const terraform = execFileSync('sh', ['-c', 'command -v terraform'], { encoding: 'utf8' }).trim();
    const archive = new ZipFile();
    archive.addBuffer(Buffer.from(`#!/bin/sh\nexec '${terraform}' "$@"\n`), 'terraform', { mode: 0o100755 });
    archive.end();
    const zip = await buffer(archive.outputStream);
    const name = 'terraform_1.11.4_linux_amd64.zip';
    const sum = createHash('sha256').update(zip).digest('hex');
    this.world.host.files.set(`/terraform/1.11.4/${name}`, zip);
    this.world.host.files.set('/terraform/1.11.4/terraform_1.11.4_SHA256SUMS', Buffer.from(`${sum}  ${name}\n`));
  }
}
