# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

terraform {
  backend "s3" {
    bucket       = "sample-terraform-state"
    key          = "shop/development/terraform.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true
  }
}
