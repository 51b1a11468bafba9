# What each validation refuses, one value at a time.

mock_provider "aws" {}

variables {
  name        = "shop-staging-1a2b3c4d"
  environment = "staging"
}

run "name_with_upper_case" {
  command = plan

  variables {
    name = "Shop"
  }

  expect_failures = [var.name]
}

run "name_that_is_too_long" {
  command = plan

  variables {
    name = "abcdefghijklmnop-12345678"
  }

  expect_failures = [var.name]
}

run "name_that_the_cloud_reserves" {
  command = plan

  variables {
    name = "sg-shop"
  }

  expect_failures = [var.name]
}

run "environment_with_a_space" {
  command = plan

  variables {
    environment = "my staging"
  }

  expect_failures = [var.environment]
}

run "address_without_a_host" {
  command = plan

  variables {
    email_list = ["ops@example.com", "ops"]
  }

  expect_failures = [var.email_list]
}

run "address_of_a_host_without_a_dot" {
  command = plan

  variables {
    email_list = ["ops@localhost"]
  }

  expect_failures = [var.email_list]
}

run "two_addresses_in_one" {
  command = plan

  variables {
    email_list = ["ops@example.com, duty@example.com"]
  }

  expect_failures = [var.email_list]
}

run "address_with_a_name" {
  command = plan

  variables {
    email_list = ["Ops <ops@example.com>"]
  }

  expect_failures = [var.email_list]
}

run "address_of_nobody" {
  command = plan

  variables {
    email_list = ["@example.com"]
  }

  expect_failures = [var.email_list]
}
