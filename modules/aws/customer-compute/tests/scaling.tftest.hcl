# Scaling and alarms. Everything is mocked, so that no run reaches a cloud.

mock_provider "aws" {
  mock_resource "aws_lb" {
    defaults = {
      arn_suffix = "app/shop/50dc6c495c0c9188"
    }
  }

  mock_resource "aws_lb_target_group" {
    defaults = {
      arn_suffix = "targetgroup/shop/73e2d6bc24d8a067"
    }
  }
}

variables {
  name               = "shop-staging-1a2b3c4d"
  environment        = "staging"
  vpc_id             = "vpc-0123456789abcdef0"
  vpc_cidr           = "10.20.0.0/16"
  public_subnet_ids  = ["subnet-0a", "subnet-0b"]
  private_subnet_ids = ["subnet-1a", "subnet-1b"]
  security_group_ids = ["sg-0123456789abcdef0"]
  instance_type      = "t3.small"
  architecture       = "x86_64"
  min_instances      = 1
  max_instances      = 3
}

run "scaling" {
  variables {
    cpu_threshold       = 55
    memory_threshold    = 80
    scale_up_cooldown   = 0
    scale_down_cooldown = 86400
  }

  assert {
    condition     = aws_autoscaling_policy.cpu.target_tracking_configuration[0].target_value == 55 && aws_autoscaling_policy.cpu.estimated_instance_warmup == 0
    error_message = "The CPU policy has its threshold and warm-up."
  }

  assert {
    condition     = aws_autoscaling_policy.memory[0].target_tracking_configuration[0].target_value == 80 && aws_autoscaling_policy.memory[0].target_tracking_configuration[0].disable_scale_in && aws_autoscaling_policy.memory[0].estimated_instance_warmup == 0
    error_message = "The memory policy has its threshold and warm-up, and never scales in."
  }

  assert {
    condition = (
      aws_autoscaling_policy.memory[0].target_tracking_configuration[0].customized_metric_specification[0].namespace == "CWAgent" &&
      aws_autoscaling_policy.memory[0].target_tracking_configuration[0].customized_metric_specification[0].metric_name == "mem_used_percent" &&
      one(aws_autoscaling_policy.memory[0].target_tracking_configuration[0].customized_metric_specification[0].metric_dimension).name == "AutoScalingGroupName" &&
      one(aws_autoscaling_policy.memory[0].target_tracking_configuration[0].customized_metric_specification[0].metric_dimension).value == "shop-staging-1a2b3c4d"
    )
    error_message = "Memory is what the CloudWatch agent reports under the group's name."
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.scale_in.metric_query : query.expression if query.return_data == true]) == "IF(instances > 1, MAX([100 * cpu / 55, 100 * FILL(memory, 0) / 80]) * instances / (instances - 1), 100)" && length(aws_cloudwatch_metric_alarm.scale_in.metric_query) == 4
    error_message = "Scaling in looks at the busier of CPU and memory."
  }

  assert {
    condition     = aws_autoscaling_policy.scale_in.cooldown == 86400
    error_message = "The cooldown of scaling in is the given one."
  }

  assert {
    condition     = endswith(aws_iam_role_policy_attachment.cloudwatch_agent[0].policy_arn, "/CloudWatchAgentServerPolicy")
    error_message = "The agent may report memory."
  }
}

run "no_instances" {
  variables {
    min_instances     = 0
    max_instances     = 0
    enable_cloudwatch = true
  }

  assert {
    condition     = aws_autoscaling_group.this.min_size == 0 && aws_autoscaling_group.this.max_size == 0 && length(aws_cloudwatch_metric_alarm.at_maximum) == 0
    error_message = "A group may be empty, and is then not said to be at its maximum."
  }
}

run "monitoring" {
  variables {
    enable_cloudwatch = true
  }

  assert {
    condition     = aws_launch_template.this.monitoring[0].enabled && length(aws_iam_role_policy_attachment.cloudwatch_agent) == 1
    error_message = "Instances report every minute and may run the agent."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.unhealthy_targets) == 1 && length(aws_cloudwatch_metric_alarm.target_errors) == 1 && length(aws_cloudwatch_metric_alarm.load_balancer_errors) == 1 && aws_cloudwatch_metric_alarm.at_maximum[0].threshold == 3
    error_message = "There is an alarm for unhealthy targets, for errors, and for a group that cannot grow."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.unhealthy_targets[0].dimensions == tomap({ LoadBalancer = "app/shop/50dc6c495c0c9188", TargetGroup = "targetgroup/shop/73e2d6bc24d8a067" })
    error_message = "Alarms name load balancer and target group as CloudWatch does."
  }
}
