# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

terraform {
  backend "local" {
    path = "../../.terralet/state/bakery/production/terraform.tfstate"
  }
}
