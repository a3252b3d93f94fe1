/** An ArtifactAPI as a platform team has it after some years: 60 repositories. */
export async function laySixty(endpoint: string): Promise<number> {
  for (const remote of remotes) await post(`${endpoint}/api/v2/remotes`, { repo_type: 'remote', ...remote });
  for (const local of locals) await post(`${endpoint}/api/v2/remotes`, { repo_type: 'local', ...local });
  for (const virtual of virtuals) await post(`${endpoint}/api/v2/virtuals`, virtual);
  return remotes.length + locals.length + virtuals.length;
}

async function post(url: string, body: object): Promise<void> {
  const { status } = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (status !== 201) throw new Error(`${status} for ${JSON.stringify(body)}`);
}

type Fields = Readonly<Record<string, unknown>>;

const charts = [
  'argo',
  'bitnami',
  'cert-manager',
  'cilium',
  'external-dns',
  'grafana',
  'ingress-nginx',
  'istio',
  'jetstack',
  'kyverno',
  'minio',
  'traefik',
];
const tools = ['age', 'cosign', 'helm', 'jq', 'k9s', 'kubectl', 'kustomize', 'sops', 'terraform'];
const images = ['gcr', 'ghcr', 'quay', 'registry-k8s'];

const remotes: readonly Fields[] = [
  ...charts.map((name) => ({
    name: `helm-${name}`,
    package_type: 'helm',
    base_url: `https://charts.example.com/${name}`,
    mutable_ttl: 3600,
  })),
  ...tools.map((name) => ({
    name: `tools-${name}`,
    package_type: 'generic',
    description: `Releases of ${name}`,
    base_url: `https://github.example.com/${name}`,
    mutable_ttl: 86_400,
    patterns: ['^releases/download/'],
  })),
  ...images.map((name) => ({ name, package_type: 'docker', base_url: `https://${name}.example.com`, mutable_ttl: 600 })),
  {
    name: 'docker-hub',
    package_type: 'docker',
    base_url: 'https://docker.example.com',
    username: 'ci',
    password: 'hub-1',
    mutable_ttl: 600,
    ban_tags_enabled: true,
    ban_tags: ['^latest$'],
  },
  { name: 'npmjs', package_type: 'npm', base_url: 'https://npm.example.com', mutable_ttl: 300, blocklist: ['^@acme/'] },
  {
    name: 'npm-partner',
    package_type: 'npm',
    description: "The partner's packages",
    base_url: 'https://partner.example.com/npm',
    username: 'reader',
    password: 'partner-1',
    mutable_ttl: 300,
  },
  { name: 'pypi-public', package_type: 'pypi', base_url: 'https://pypi.example.com', mutable_ttl: 300 },
  {
    name: 'pytorch',
    package_type: 'pypi',
    base_url: 'https://wheels.example.com/torch',
    mutable_ttl: 3600,
    patterns: ['^simple/torch', '\\.whl$'],
  },
  { name: 'go', package_type: 'goproxy', base_url: 'https://go.example.com', mutable_ttl: 300 },
  { name: 'terraform-registry', package_type: 'terraform', base_url: 'https://terraform.example.com', mutable_ttl: 300 },
  { name: 'forge', package_type: 'puppet', base_url: 'https://forge.example.com', mutable_ttl: 3600 },
  ...['appstream', 'baseos', 'crb', 'epel'].map((name) => ({
    name: `el9-${name}`,
    package_type: 'rpm',
    base_url: `https://mirror.example.com/9/${name}`,
    mutable_ttl: 900,
  })),
  ...['main', 'community'].map((name) => ({
    name: `alpine-${name}`,
    package_type: 'alpine',
    base_url: `https://alpine.example.com/${name}`,
    mutable_ttl: 900,
  })),
];

const locals: readonly Fields[] = ['npm', 'pypi', 'helm', 'docker', 'rpm', 'terraform', 'generic', 'goproxy', 'puppet', 'alpine'].map(
  (type) => ({
    name: `${type}-internal`,
    package_type: type,
    description: 'Built by our own pipelines',
  }),
);

const virtuals: readonly Fields[] = [
  { name: 'npm', package_type: 'npm', description: 'What developers use', members: ['npm-internal', 'npm-partner', 'npmjs'] },
  { name: 'pypi', package_type: 'pypi', description: 'What developers use', members: ['pypi-internal', 'pypi-public', 'pytorch'] },
  { name: 'charts', package_type: 'helm', members: ['helm-internal', ...charts.slice(0, 6).map((name) => `helm-${name}`)] },
  { name: 'el9', package_type: 'rpm', members: ['rpm-internal', 'el9-baseos', 'el9-appstream', 'el9-epel'] },
  { name: 'images', package_type: 'docker', members: ['docker-internal', 'docker-hub', 'quay'] },
  { name: 'modules', package_type: 'goproxy', members: ['goproxy-internal', 'go'] },
  { name: 'puppet', package_type: 'puppet', members: ['puppet-internal', 'forge'] },
  { name: 'alpine', package_type: 'alpine', members: ['alpine-internal', 'alpine-main', 'alpine-community'] },
  { name: 'tools', package_type: 'generic', members: ['generic-internal', ...tools.slice(0, 3).map((name) => `tools-${name}`)] },
  { name: 'providers', package_type: 'terraform', members: ['terraform-internal', 'terraform-registry'] },
  { name: 'npm-outside', package_type: 'npm', members: ['npmjs'] },
];
