import { type Command, Option } from 'commander';

/** How the registry serves package types, as options. */
export interface PackageCommandOptions {
  readonly apkSigningKey?: string;
  readonly apkSigningAlgorithm: string;
}

/** Adds the options of package types. */
export function packageOptions(command: Command): Command {
  return command
    .optionsGroup('Alpine packages:')
    .addOption(
      new Option(
        '--apk-signing-key <file>',
        'RSA private key in PEM that indexes of Alpine packages are signed with; the file name without .rsa is the name of the key. Generated and kept if omitted',
      ).env('APK_SIGNING_KEY_PATH'),
    )
    .addOption(
      new Option('--apk-signing-algorithm <name>', 'RSA (SHA-1, verified by every version of apk) or RSA256 (SHA-256)')
        .env('APK_SIGNING_ALGORITHM')
        .choices(['RSA', 'RSA256'])
        .default('RSA'),
    );
}

/** The settings of package types as the registry reads them: the environment, where options take precedence. */
export function packageSettings({ apkSigningKey, apkSigningAlgorithm }: PackageCommandOptions): NodeJS.ProcessEnv {
  return { ...process.env, APK_SIGNING_KEY_PATH: apkSigningKey, APK_SIGNING_ALGORITHM: apkSigningAlgorithm };
}
