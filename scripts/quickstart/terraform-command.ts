import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Why cdktf would not find the terraform command, and what to do; nothing when it is there. */
export function terraformProblem(env: NodeJS.ProcessEnv): string | undefined {
  const chosen = env.TERRAFORM_BINARY_NAME;
  const name = chosen || 'terraform';
  if (isOnPath(name, env)) return undefined;
  if (chosen)
    return `TERRAFORM_BINARY_NAME is "${chosen}", and there is no such command on the PATH; unset it to use terraform, or install that`;
  const tofu = isOnPath('tofu', env) ? 'OpenTofu is there: TERRAFORM_BINARY_NAME=tofu npm run quickstart uses it. Or install' : 'Install';
  return `the terraform command is not on the PATH. ${tofu} Terraform from https://developer.hashicorp.com/terraform/install (macOS: brew install hashicorp/tap/terraform), then run this again`;
}

function isOnPath(name: string, env: NodeJS.ProcessEnv): boolean {
  if (isAbsolute(name)) return isExecutable(name);
  return (env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
