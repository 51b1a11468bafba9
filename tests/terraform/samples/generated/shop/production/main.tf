# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

module "customer_vpc" {
  source = "../../../modules/aws/customer-vpc"

  name        = "shop-production"
  environment = "production"
  vpc_cidr    = "10.20.0.0/16"

  private_subnets = {
    "us-east-1a" = "10.20.64.0/21"
    "us-east-1b" = "10.20.72.0/21"
  }
}
