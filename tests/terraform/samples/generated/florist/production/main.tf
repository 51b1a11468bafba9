# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

module "customer_vpc" {
  source = "../../../modules/aws/customer-vpc"

  name        = "florist-production"
  environment = "production"
  vpc_cidr    = "10.23.0.0/16"

  private_subnets = {
    "eu-west-1a" = "10.23.64.0/21"
    "eu-west-1b" = "10.23.72.0/21"
  }
}
