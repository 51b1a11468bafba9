# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

terraform {
  backend "azurerm" {
    storage_account_name = "samplestate"
    container_name       = "state"
    key                  = "florist/production/terraform.tfstate"
    use_azuread_auth     = true
  }
}
