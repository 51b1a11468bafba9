# Made by terralet: a sample, written by hand, that proves the tests of tests/terraform

terraform {
  backend "gcs" {
    bucket = "sample-terraform-state"
    prefix = "gardener/production"
  }
}
