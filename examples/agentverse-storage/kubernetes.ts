import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AgentVerseCredentials, AgentVerseStorage, BkrepoProvider, secretVariable } from 'repoform/bkrepo';

const env = process.env;

/** The storage, and the Secret that gives AgentVerse in Kubernetes access to it. */
class AgentVerseInKubernetes extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new BkrepoProvider(this, 'bkrepo', { endpoint: env.BKREPO_ENDPOINT ?? 'http://127.0.0.1:8080' });
    new KubernetesProvider(this, 'kubernetes', { configPath: env.KUBE_CONFIG_PATH ?? '~/.kube/config' });

    const password = secretVariable(this, 'agentverse_password', { description: 'Password of the user agentverse-service' });
    const storage = new AgentVerseStorage(this, 'storage', { project: 'ai-platform', passwordWo: password.stringValue });

    // The data is write-only: it is stored only in Kubernetes, and updated when the password changes.
    new AgentVerseCredentials(this, 'credentials', { storage, namespace: 'agentverse' });
  }
}

const app = new App();
new AgentVerseInKubernetes(app, 'agentverse-kubernetes');
app.synth();
