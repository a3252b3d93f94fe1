import { Construct } from 'constructs';
import { LocalPypi, RemotePypi, Virtual } from 'repoform/artifactapi';

/** Everything in "pypi". */
export class Pypi extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const pypiInternal = new LocalPypi(this, 'pypi-internal', {
      name: 'pypi-internal',
      description: 'Built by our own pipelines',
    });

    const pypiPublic = new RemotePypi(this, 'pypi-public', {
      name: 'pypi-public',
      baseUrl: 'https://pypi.example.com',
      mutableTtl: 300,
    });

    const pytorch = new RemotePypi(this, 'pytorch', {
      name: 'pytorch',
      baseUrl: 'https://wheels.example.com/torch',
      mutableTtl: 3600,
      patterns: ['^simple/torch', '\\.whl$'],
    });

    new Virtual(this, 'pypi', {
      name: 'pypi',
      description: 'What developers use',
      packageType: 'pypi',
      members: [pypiInternal.name, pypiPublic.name, pytorch.name],
    });
  }
}
