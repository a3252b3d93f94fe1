import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { BkrepoProvider, secretVariable, User } from 'repoform/bkrepo';
import { Payments } from './payments';
import { Platform } from './platform';
import { Research } from './research';

const env = process.env;

class Estate extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The deploy reads the administrator's credentials from BKREPO_USERNAME and BKREPO_PASSWORD.
    new BkrepoProvider(this, 'bkrepo', { endpoint: env.BKREPO_ENDPOINT ?? 'http://127.0.0.1:8080' });

    // Set by TF_VAR_npm_password and so on; they appear in neither plan nor state.
    const npmPassword = secretVariable(this, 'npm_password', { description: 'Password at the private npm registry' });
    const partnerPassword = secretVariable(this, 'partner_password', { description: "Password at the partner's Maven repository" });
    const ciPassword = secretVariable(this, 'ci_password', { description: 'Password of the user ci' });

    const ci = new User(this, 'ci', { userId: 'ci', name: 'Pipelines', passwordWo: ciPassword.stringValue });
    const platform = new Platform(this, 'platform', {
      npm: { username: env.NPM_USERNAME ?? 'reader', passwordWo: npmPassword.stringValue },
      partner: { username: env.PARTNER_USERNAME ?? 'reader', passwordWo: partnerPassword.stringValue },
      readers: [ci.userId],
    });
    const payments = new Payments(this, 'payments', { publicNpm: platform.npm, publisher: ci.userId });
    const research = new Research(this, 'research', { publisher: ci.userId });

    for (const [name, { url }] of Object.entries({
      npm: payments.npm,
      maven: platform.maven,
      releases: payments.releases,
      datasets: research.datasets,
    }))
      new TerraformOutput(this, `${name}_url`, { value: url });
  }
}

const app = new App();
new Estate(app, 'bkrepo-estate');
app.synth();
