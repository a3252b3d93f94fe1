import { Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { durationProblem } from '../../src/common/duration';
import { repositoryNameProblem, workspaceProblem } from '../../src/common/kubesphere/name';
import { credentialProblems, descriptionProblem, type Given } from '../../src/common/kubesphere/rules';
import { periodProblem } from '../../src/common/kubesphere/sync-period';
import { repositoryUrlProblem } from '../../src/common/kubesphere/url';
import { UNKNOWN } from '../../src/common/value';
import { setProblems } from '../base/problems';
import { isToken } from '../base/token';
import {
  AppRepository as GeneratedAppRepository,
  type AppRepositoryConfig as GeneratedConfig,
} from '../generated/kubesphere/app-repository';

/** Configuration of an `AppRepository`. */
export interface AppRepositoryConfig extends Omit<GeneratedConfig, 'syncPeriod'> {
  /**
   * How often the server reads the index again: seconds, or a duration with the units `h`, `m` and `s`, e.g. `1h30m`; 0 for never, or at
   * least 3 minutes.
   *
   * @default 0
   */
  readonly syncPeriod?: string | number;
}

/**
 * An app repository: a Helm chart repository whose charts KubeSphere offers to a workspace, or to everybody. What no version of
 * KubeSphere accepts is an error at synthesis, the rest at plan.
 *
 * Terraform: `kubesphere_app_repository`.
 *
 * @example
 * const password = secretVariable(this, 'charts_password');
 * new AppRepository(this, 'charts', {
 *   name: 'team-charts',
 *   workspace: 'demo',
 *   url: 'https://charts.example.com/stable',
 *   username: 'ci',
 *   passwordWo: password.stringValue,
 *   syncPeriod: '1h',
 * });
 */
export class AppRepository extends GeneratedAppRepository {
  constructor(scope: Construct, id: string, config: AppRepositoryConfig) {
    const { syncPeriod, ...rest } = config;
    super(scope, id, { ...rest, ...(syncPeriod !== undefined && { syncPeriod: periodText(syncPeriod) }) });
    this.check();
  }

  override get syncPeriod(): string {
    return super.syncPeriod;
  }

  override set syncPeriod(value: string | number) {
    super.syncPeriod = periodText(value);
  }

  protected override putValue(key: string, value: unknown): void {
    super.putValue(key, value);
    this.check();
  }

  protected override resetValue(key: string): void {
    super.resetValue(key);
    this.check();
  }

  private check(): void {
    const problems = [...this.valueProblems(), ...this.secretProblems(), ...this.credentialProblems()];
    setProblems(
      this,
      'AppRepository',
      problems.map((problem) => `${this.terraformResourceType}: ${problem}`),
    );
  }

  private valueProblems(): string[] {
    return Object.entries(problemOf).flatMap(([key, rule]) => {
      const value = this.inputOf(key);
      const problem = typeof value === 'string' && !isToken(value) ? rule(value) : undefined;
      return problem === undefined ? [] : [`${key}: ${problem}`];
    });
  }

  private secretProblems(): string[] {
    return secrets
      .filter((key) => this.inputOf(key) !== undefined && this.inputOf(`${key}Wo`) !== undefined)
      .map((key) => `${key}: it is set together with ${key}Wo; set one of them`);
  }

  private credentialProblems(): string[] {
    const given = (key: string): Given => {
      const value = this.inputOf<unknown>(key) ?? undefined;
      return value === undefined || (typeof value === 'string' && !isToken(value)) ? value : UNKNOWN;
    };
    // A repository that exists keeps its secret, so one that is left out is the plan's concern.
    const secret = (key: (typeof secrets)[number], user: Given): Given =>
      given(key) ?? given(`${key}Wo`) ?? (user === undefined ? undefined : UNKNOWN);
    const { username, accessKeyId } = { username: given('username'), accessKeyId: given('accessKeyId') };
    const problems = credentialProblems({
      url: given('url'),
      type: given('type'),
      username,
      password: secret('password', username),
      accessKeyId,
      secretAccessKey: secret('secretAccessKey', accessKeyId),
    });
    return problems.map(({ attribute, text }) => `${attribute}: ${text}`);
  }
}

const secrets = ['password', 'secretAccessKey'] as const;

/** What makes a value wrong on every version. */
const problemOf: { readonly [K in keyof GeneratedConfig]?: (value: string) => string | undefined } = {
  name: (name) => repositoryNameProblem(name),
  workspace: (name) => (name === '' ? undefined : workspaceProblem(name)),
  url: (url) => repositoryUrlProblem(url),
  description: descriptionProblem,
  syncPeriod: periodProblem,
  syncTimeout: durationProblem,
};

/** A period for Terraform, where it is a text. */
const periodText = (period: string | number): string => (typeof period === 'number' ? Tokenization.stringifyNumber(period) : period);
