# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}
