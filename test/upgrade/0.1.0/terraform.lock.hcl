# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/repoform/artifactapi" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:I6ig0FCo2pQo8hTpRCMNNt6hQyQeA98lnTd8AUOy1eU=",
  ]
}

provider "registry.terraform.io/repoform/bkrepo" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:QKgAEvyxvkAWg0Ac5C+8RyUYJm7vnxIzlk9SiIFE5DQ=",
  ]
}

provider "registry.terraform.io/repoform/kubesphere" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:U4EoSvKeQKrdRcp5zSzwGDILok2uP803BInvOJ1nFJA=",
  ]
}
