terraform {
  required_providers {
    crew = {
      source = "registry.terraform.io/example/crew"
    }
  }
}

# CREW_ENDPOINT and CREW_TOKEN are in the environment.
provider "crew" {}

resource "crew_team" "platform" {
  name        = "platform"
  description = "Looks after the platform."
}

resource "crew_member" "linus" {
  team  = crew_team.platform.name
  email = "linus@example.com"
}
