# The whole life of the module against a provider that plans and applies for real. It is meant for the stand-in provider,
# which serves a recorded schema and no cloud: `terraform test -test-directory=tests/standin`. With the real provider and
# credentials it would make, and then destroy, real resources; that is why it is not among the tests that run by default.

provider "aws" {
  region = "eu-west-1"
}

variables {
  name                     = "abcdefghijklmno-12345678"
  environment              = "staging"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-2a", "subnet-2b"]
  client_security_group_id = "sg-0123456789abcdef0"
  engine                   = "redis"
  engine_version           = "7.1"
}

run "create" {
  assert {
    condition     = output.cache_endpoint != null && output.cache_reader_endpoint != null && output.cache_port == 6379
    error_message = "The cache exists after an apply."
  }
}

run "protect_and_change" {
  variables {
    protected       = true
    engine          = "valkey"
    engine_version  = "8.2"
    nodes           = 3
    node_type       = "cache.m7g.large"
    eviction_policy = "allkeys-lru"
  }

  assert {
    condition     = output.cache_endpoint == run.create.cache_endpoint && output.cache_reader_endpoint == run.create.cache_reader_endpoint
    error_message = "The cache that stood before is not replaced, whatever its engine was."
  }

  assert {
    condition     = aws_elasticache_parameter_group.this.family == "valkey8" && aws_elasticache_replication_group.this.num_cache_clusters == 3
    error_message = "The cache has the parameters of its new engine, and more nodes."
  }
}

# The plan after an apply. A value that an apply would make anew could not be known here.
run "second_plan" {
  command = plan

  variables {
    protected       = true
    engine          = "valkey"
    engine_version  = "8.2"
    nodes           = 3
    node_type       = "cache.m7g.large"
    eviction_policy = "allkeys-lru"
  }

  assert {
    condition     = length(regexall("-final-[0-9]{14}$", aws_elasticache_replication_group.this.final_snapshot_identifier)) == 1
    error_message = "The name of the last snapshot stays."
  }
}
