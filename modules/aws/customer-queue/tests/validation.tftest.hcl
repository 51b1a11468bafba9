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

run "visibility_timeout_below_zero" {
  command = plan

  variables {
    visibility_timeout = -1
  }

  expect_failures = [var.visibility_timeout]
}

run "visibility_timeout_of_more_than_twelve_hours" {
  command = plan

  variables {
    visibility_timeout = 43201
  }

  expect_failures = [var.visibility_timeout]
}

run "visibility_timeout_of_half_a_second" {
  command = plan

  variables {
    visibility_timeout = 0.5
  }

  expect_failures = [var.visibility_timeout]
}

run "retention_of_no_day" {
  command = plan

  variables {
    retention_days = 0
  }

  expect_failures = [var.retention_days]
}

run "retention_of_more_than_two_weeks" {
  command = plan

  variables {
    retention_days = 14
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

run "no_delivery" {
  command = plan

  variables {
    max_receives = 0
  }

  expect_failures = [var.max_receives]
}

run "too_many_deliveries" {
  command = plan

  variables {
    max_receives = 1001
  }

  expect_failures = [var.max_receives]
}

run "half_a_delivery" {
  command = plan

  variables {
    max_receives = 1.5
  }

  expect_failures = [var.max_receives]
}

run "alarm_within_a_minute" {
  command = plan

  variables {
    alarm_age = 59
  }

  expect_failures = [var.alarm_age]
}

run "alarm_after_messages_are_gone" {
  command = plan

  variables {
    alarm_age = 1209601
  }

  expect_failures = [var.alarm_age]
}

run "alarm_in_the_middle_of_a_second" {
  command = plan

  variables {
    alarm_age = 60.5
  }

  expect_failures = [var.alarm_age]
}

run "alarm_topic_arns_are_no_names" {
  command = plan

  variables {
    alarm_topic_arns = ["shop-staging-1a2b3c4d-notifications"]
  }

  expect_failures = [var.alarm_topic_arns]
}

run "more_topics_than_an_alarm_notifies" {
  command = plan

  variables {
    alarm_topic_arns = [for i in range(6) : "arn:aws:sns:eu-west-1:123456789012:topic-${i}"]
  }

  expect_failures = [var.alarm_topic_arns]
}
