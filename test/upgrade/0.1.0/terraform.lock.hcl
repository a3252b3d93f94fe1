# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/repoform/artifactapi" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:uLA/q+f8L3i5On7vpj1t3ITuEwMLz/5aGAJy68ytYtc=",
  ]
}

provider "registry.terraform.io/repoform/bkrepo" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:9fOGqLi9zdnlza6EbH/s6H0g0PihYqqXbTg8wRTKqxg=",
  ]
}

provider "registry.terraform.io/repoform/kubesphere" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:3bSDDn7tZP1C5AA/qPQ4DnaGpELzW84tU9ZTFfc1A+Y=",
  ]
}
