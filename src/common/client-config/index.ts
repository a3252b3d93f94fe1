import { apk } from './apk';
import { containerd } from './containerd';
import { dnf } from './dnf';
import { goproxy } from './goproxy';
import { helm } from './helm';
import { npmrc } from './npmrc';
import { pip } from './pip';
import { puppet } from './puppet';
import { registriesConf } from './registries-conf';
import type { ClientFormat } from './target';
import { terraformCli } from './terraform-cli';

export type { ClientFormat, Target } from './target';

/** Every format, by its name. */
export const clientFormats: readonly ClientFormat[] = [
  apk,
  containerd,
  dnf,
  goproxy,
  helm,
  npmrc,
  pip,
  puppet,
  registriesConf,
  terraformCli,
];
