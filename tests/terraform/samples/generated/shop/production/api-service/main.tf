# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

module "customer_compute" {
  source = "../../../../modules/aws/customer-compute"

  name               = "shop-production-api"
  vpc_id             = data.terraform_remote_state.shared.outputs.vpc_id
  private_subnet_ids = data.terraform_remote_state.shared.outputs.private_subnet_ids
  instance_type      = "t3.small"
  max_instances      = 4
}
