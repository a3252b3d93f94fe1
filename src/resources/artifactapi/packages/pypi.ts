import type { PackageType } from '../shared';

export const pypi: PackageType = {
  name: 'pypi',
  title: 'Python package index',
  upstream: 'https://pypi.example.com',
  notes: '`simple/` pages count as changing, wheels and source archives as never changing.',
  url: '`pip install --index-url URL/simple/ PACKAGE`, where `URL` is `url`: pip, uv and Poetry take it with `/simple/` at its end.',
  publishing:
    'ArtifactAPI is not known to answer `twine upload`. A wheel or source archive is put below its normalized name by the server:\n\n```sh\ncurl --fail --upload-file dist/example-1.0-py3-none-any.whl "$UPLOAD_URL/example-1.0-py3-none-any.whl"\n```',
  served: ['local', 'virtual'],
};
