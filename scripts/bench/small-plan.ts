import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from './api';
import { install, ours } from './contender';
import { remotes } from './estate';
import { writeStack } from './stack';
import { terraform } from './terraform';

/** What a plan of an unchanged stack of 5 took. */
export interface SmallPlan {
  /** Milliseconds. */
  readonly wall: number;
  /** Bytes; the most that one provider process had. */
  readonly peak: number;
  /** How many provider processes were started. */
  readonly starts: number;
  /** How often a provider process was asked for its schema; all else Terraform answers from its cache. */
  readonly schemaCalls: number;
}

/** Applies a stack of 5 and measures a plan of it; a second plan, with Terraform's log, does the counting. */
export async function smallPlan({ folder, cli, provider }: { folder: string; cli: string; provider: string }): Promise<SmallPlan> {
  const api = await Api.start(folder);
  const work = join(folder, 'small-plan');
  const starts = join(folder, 'starts.log');
  mkdirSync(work);
  try {
    const contender = ours(remotes, countingWrapper(folder, { provider, starts }));
    install(work, contender);
    writeStack(work, { contender, n: 5, url: api.url, stateUrl: `${api.url}/state/small-plan` });
    const run = (args: readonly string[], env?: NodeJS.ProcessEnv) =>
      terraform({ cli, folder: work, args: [...args, '-no-color'], ...(env && { env }) });
    await run(['init', '-input=false']);
    await run(['apply', '-auto-approve', '-input=false']);
    writeFileSync(starts, '');
    const { wall, childPeak } = await run(['plan', '-detailed-exitcode']);
    const started = readFileSync(starts, 'utf8').split('\n').length - 1;
    const log = join(folder, 'trace.log');
    await run(['plan', '-detailed-exitcode'], { TF_LOG_CORE: 'trace', TF_LOG_PATH: log });
    return { wall, peak: childPeak, starts: started, schemaCalls: schemaCallsIn(readFileSync(log, 'utf8')) };
  } finally {
    await api.stop();
  }
}

function countingWrapper(folder: string, { provider, starts }: { provider: string; starts: string }): string {
  const file = join(folder, 'terraform-provider-artifactapi');
  writeFileSync(file, `#!/bin/sh\necho start >> '${starts}'\nexec '${provider}' "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

const schemaCallsIn = (log: string): number => log.match(/GRPCProvider\.v6: GetProviderSchema\b/g)?.length ?? 0;
