# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

module "customer_vpc" {
  source = "../../../modules/aws/customer-vpc"

  name        = "shop-development"
  environment = "development"
  vpc_cidr    = "10.21.0.0/16"

  private_subnets = {
    "us-east-1a" = "10.21.64.0/21"
    "us-east-1b" = "10.21.72.0/21"
  }
}
