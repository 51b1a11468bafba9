# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = {
      "customer" = "gardener"
    }
  }
}
