# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

data "terraform_remote_state" "shared" {
  backend = "s3"

  config = {
    bucket = "sample-terraform-state"
    key    = "shop/production/terraform.tfstate"
    region = "us-east-1"
  }
}
