import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AgentVerseStorage, BkrepoProvider, secretVariable } from 'repoform/bkrepo';

const env = process.env;

class AgentVerse extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The administrator comes from BKREPO_USERNAME and BKREPO_PASSWORD, when this is deployed.
    new BkrepoProvider(this, 'bkrepo', { endpoint: env.BKREPO_ENDPOINT ?? 'http://127.0.0.1:8080' });

    // Set by TF_VAR_agentverse_password; it is in neither plan nor state.
    const password = secretVariable(this, 'agentverse_password', { description: 'Password of the user agentverse-service' });

    const storage = new AgentVerseStorage(this, 'storage', {
      project: 'ai-platform',
      // A destroy has to leave the project on the server; the next deploy takes it up again.
      projectSettings: { adoptExisting: true },
      repository: 'agentverse-pkgs',
      passwordWo: password.stringValue,
      repositorySettings: { quota: 50 * 1024 ** 3, forceDestroy: env.KEEP_FILES === undefined },
    });

    // What goes into config/default.toml, the environment, or docker-compose.yml; none has the password.
    new TerraformOutput(this, 'toml', { value: storage.toml });
    new TerraformOutput(this, 'environment', { value: storage.environment });
    new TerraformOutput(this, 'docker_compose', { value: storage.dockerCompose() });
  }
}

const app = new App();
new AgentVerse(app, 'agentverse-storage');
app.synth();
