# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

module "customer_vpc" {
  source = "../../../modules/aws/customer-vpc"

  name        = "gardener-production"
  environment = "production"
  vpc_cidr    = "10.24.0.0/16"

  private_subnets = {
    "eu-west-1a" = "10.24.64.0/21"
    "eu-west-1b" = "10.24.72.0/21"
  }
}
