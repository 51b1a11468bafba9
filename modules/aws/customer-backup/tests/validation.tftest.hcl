# What each validation refuses, one value at a time.

mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/shop-staging-1a2b3c4d-backup"
    }
  }
}

variables {
  name          = "shop-staging-1a2b3c4d"
  environment   = "staging"
  database_arns = ["arn:aws:rds:eu-west-1:123456789012:db:shop-staging-1a2b3c4d"]
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

run "nothing_to_back_up" {
  command = plan

  variables {
    database_arns = []
  }

  expect_failures = [var.database_arns]
}

run "all_databases_of_the_account" {
  command = plan

  variables {
    database_arns = ["arn:aws:rds:*:*:db:*"]
  }

  expect_failures = [var.database_arns]
}

run "database_by_name" {
  command = plan

  variables {
    database_arns = ["shop-staging-1a2b3c4d"]
  }

  expect_failures = [var.database_arns]
}

run "snapshot_of_a_database" {
  command = plan

  variables {
    database_arns = ["arn:aws:rds:eu-west-1:123456789012:snapshot:shop"]
  }

  expect_failures = [var.database_arns]
}

run "all_buckets_of_the_account" {
  command = plan

  variables {
    bucket_arns = ["arn:aws:s3:::*"]
  }

  expect_failures = [var.bucket_arns]
}

run "objects_of_a_bucket" {
  command = plan

  variables {
    bucket_arns = ["arn:aws:s3:::shop/documents"]
  }

  expect_failures = [var.bucket_arns]
}

run "schedule_as_a_rate" {
  command = plan

  variables {
    schedule = "rate(1 day)"
  }

  expect_failures = [var.schedule]
}

run "schedule_of_five_fields" {
  command = plan

  variables {
    schedule = "cron(0 5 * * *)"
  }

  expect_failures = [var.schedule]
}

run "schedule_of_every_minute" {
  command = plan

  variables {
    schedule = "cron(* * * * ? *)"
  }

  expect_failures = [var.schedule]
}

run "schedule_of_two_minutes" {
  command = plan

  variables {
    schedule = "cron(0,30 * * * ? *)"
  }

  expect_failures = [var.schedule]
}

run "retention_of_no_day" {
  command = plan

  variables {
    retention_days = 0
  }

  expect_failures = [var.retention_days]
}

run "retention_of_more_than_a_century" {
  command = plan

  variables {
    retention_days = 36501
  }

  expect_failures = [var.retention_days]
}

run "retention_of_half_a_day" {
  command = plan

  variables {
    retention_days = 1.5
  }

  expect_failures = [var.retention_days]
}

run "copy_to_a_zone" {
  command = plan

  variables {
    copy_region = "eu-central-1a"
  }

  expect_failures = [var.copy_region]
}

run "copy_to_nowhere" {
  command = plan

  variables {
    copy_region = ""
  }

  expect_failures = [var.copy_region]
}

run "topic_by_name" {
  command = plan

  variables {
    alarm_topic_arns = ["ops"]
  }

  expect_failures = [var.alarm_topic_arns]
}

run "more_topics_than_an_alarm_takes" {
  command = plan

  variables {
    alarm_topic_arns = [for number in range(6) : "arn:aws:sns:eu-west-1:123456789012:ops-${number}"]
  }

  expect_failures = [var.alarm_topic_arns]
}

run "what_is_taken" {
  variables {
    database_arns  = ["arn:aws-us-gov:rds:us-gov-west-1:123456789012:cluster:shop", "arn:aws:rds:eu-west-1:123456789012:db:shop"]
    bucket_arns    = ["arn:aws:s3:::shop.documents-1"]
    schedule       = "cron(59 1-5,23 ? JAN-DEC/2 6#3 2026-2199)"
    retention_days = 36500
    copy_region    = "us-gov-west-1"
  }

  assert {
    condition     = length(aws_backup_selection.this.resources) == 3
    error_message = "What is at the edge is taken."
  }
}
