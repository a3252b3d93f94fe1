import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The top of the project. */
export const root = join(__dirname, '../../..');

/** This machine, as Terraform names it. */
export const platform = `${process.platform === 'win32' ? 'windows' : process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** The environment of a new user: a home of its own, no Terraform settings, no calls home. */
export function cleanEnvironment(folder: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(TF_|TERRAFORM_|ARTIFACTAPI_|npm_|NODE_OPTIONS|JEST_|https?_proxy)/i.test(name),
  );
  return { ...Object.fromEntries(kept), HOME: home, CHECKPOINT_DISABLE: '1', NO_COLOR: '1', FORCE_COLOR: '0', ...more };
}

/** A file that `npm run build` makes; fails with what to do when it is not there. */
export function built(path: string): string {
  const file = join(root, path);
  if (!existsSync(file)) throw new Error(`${path} is missing; run "npm run build" before these tests`);
  return file;
}
