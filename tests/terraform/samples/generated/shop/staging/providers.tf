# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = {
      "customer" = "shop"
    }
  }
}
