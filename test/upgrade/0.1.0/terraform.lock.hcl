# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/repoform/artifactapi" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:ohTgRKfm1IzKFSdfsUOs5pOeoH3yVgCFf3gBAeksywA=",
  ]
}

provider "registry.terraform.io/repoform/bkrepo" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:VLEsh4YyHtUfoFYcZrm7oZo+C6BbnJfUZvXwY+t8KOc=",
  ]
}

provider "registry.terraform.io/repoform/kubesphere" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:7/EBR1Bwl3ZgB1iywf+VCnvOxE67oK3HOCSL7D0nRsg=",
  ]
}
