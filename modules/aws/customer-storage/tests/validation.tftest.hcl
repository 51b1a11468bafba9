# What each validation refuses, one value at a time.

mock_provider "aws" {}

variables {
  name        = "shop-staging-1a2b3c4d"
  environment = "staging"
  bucket_name = "shop-staging-uploads"
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

run "bucket_of_two_letters" {
  command = plan

  variables {
    bucket_name = "ab"
  }

  expect_failures = [var.bucket_name]
}

run "bucket_of_too_many_letters" {
  command = plan

  variables {
    bucket_name = join("", [for i in range(64) : "a"])
  }

  expect_failures = [var.bucket_name]
}

run "bucket_in_capitals" {
  command = plan

  variables {
    bucket_name = "Shop-uploads"
  }

  expect_failures = [var.bucket_name]
}

run "bucket_with_two_dots" {
  command = plan

  variables {
    bucket_name = "shop..uploads"
  }

  expect_failures = [var.bucket_name]
}

run "bucket_that_ends_with_a_hyphen" {
  command = plan

  variables {
    bucket_name = "shop-uploads-"
  }

  expect_failures = [var.bucket_name]
}

run "rule_of_no_day" {
  command = plan

  variables {
    lifecycle_rules = [{ name = "logs", expiration_days = 0 }]
  }

  expect_failures = [var.lifecycle_rules]
}

run "rule_of_half_a_day" {
  command = plan

  variables {
    lifecycle_rules = [{ name = "logs", expiration_days = 0.5 }]
  }

  expect_failures = [var.lifecycle_rules]
}

run "rules_of_one_name" {
  command = plan

  variables {
    lifecycle_rules = [{ name = "logs", expiration_days = 1 }, { name = "logs", expiration_days = 2 }]
  }

  expect_failures = [var.lifecycle_rules]
}

run "rule_of_the_modules_name" {
  command = plan

  variables {
    lifecycle_rules = [{ name = "unfinished-uploads", expiration_days = 1 }]
  }

  expect_failures = [var.lifecycle_rules]
}

run "rule_without_a_name" {
  command = plan

  variables {
    lifecycle_rules = [{ name = "", expiration_days = 1 }]
  }

  expect_failures = [var.lifecycle_rules]
}
