import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AgentVerseStorage, BkrepoProvider, secretVariable } from 'repoform/bkrepo';

const env = process.env;

class AgentVerse extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The deploy reads the administrator's credentials from BKREPO_USERNAME and BKREPO_PASSWORD.
    new BkrepoProvider(this, 'bkrepo', { endpoint: env.BKREPO_ENDPOINT ?? 'http://127.0.0.1:8080' });

    // Set by TF_VAR_agentverse_password; it appears in neither plan nor state.
    const password = secretVariable(this, 'agentverse_password', { description: 'Password of the user agentverse-service' });

    const storage = new AgentVerseStorage(this, 'storage', {
      project: 'ai-platform',
      // A destroy leaves the project on the server; the next deploy adopts it.
      projectSettings: { adoptExisting: true },
      repository: 'agentverse-pkgs',
      passwordWo: password.stringValue,
      repositorySettings: { quota: 50 * 1024 ** 3, forceDestroy: env.KEEP_FILES === undefined },
    });

    // For config/default.toml, the environment or docker-compose.yml; none contains the password.
    new TerraformOutput(this, 'toml', { value: storage.toml });
    new TerraformOutput(this, 'environment', { value: storage.environment });
    new TerraformOutput(this, 'docker_compose', { value: storage.dockerCompose() });
  }
}

const app = new App();
new AgentVerse(app, 'agentverse-storage');
app.synth();
