# What the instances may do in the account: be reached by Session Manager, report to CloudWatch when asked to, and read
# the one secret of their database.

resource "aws_iam_role" "instance" {
  name        = "${var.name}-instance"
  description = "Instances of ${var.name} (${var.environment})"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })

  tags = {
    Name = "${var.name}-instance"
  }
}

resource "aws_iam_instance_profile" "instance" {
  name = "${var.name}-instance"
  role = aws_iam_role.instance.name

  tags = {
    Name = "${var.name}-instance"
  }
}

# A shell without an open port, a key pair or a bastion.
resource "aws_iam_role_policy_attachment" "session_manager" {
  role       = aws_iam_role.instance.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_role_policy_attachment" "cloudwatch_agent" {
  count = var.enable_cloudwatch || var.memory_threshold != null ? 1 : 0

  role       = aws_iam_role.instance.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/CloudWatchAgentServerPolicy"
}

locals {
  # Partition, region and account as the secret's own ARN has them.
  secret = var.master_user_secret_arn == null ? null : zipmap(
    ["partition", "region", "account"],
    [for position in [1, 3, 4] : split(":", var.master_user_secret_arn)[position]],
  )

  read_database_secret = var.master_user_secret_arn == null ? null : jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadDatabaseSecret"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
        Resource = [var.master_user_secret_arn]
      },
      {
        # The secret is encrypted with the database's own key, whose ARN is not known here. Secrets Manager names the
        # secret in the encryption context of every call, so the conditions leave nothing but this secret to decrypt,
        # and only by way of Secrets Manager. The key's policy leaves the decision to policies such as this one.
        Sid      = "DecryptDatabaseSecret"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = ["arn:${local.secret.partition}:kms:${local.secret.region}:${local.secret.account}:key/*"]
        Condition = {
          StringEquals = {
            "kms:ViaService"                  = "secretsmanager.${local.secret.region}.${data.aws_partition.current.dns_suffix}"
            "kms:EncryptionContext:SecretARN" = var.master_user_secret_arn
          }
        }
      },
    ]
  })

  # Without a database the policy says the opposite: no master secret of any database in the account may be read,
  # whatever else is attached to the role. The policy exists in either case, because a count would need to know whether
  # there is a secret, and in a root module that also makes the database, the first plan does not know.
  deny_database_secrets = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "NoDatabaseSecret"
      Effect = "Deny"
      Action = ["secretsmanager:GetSecretValue"]
      # Those that RDS keeps, and those of databases with read replicas (customer-database, password.tf).
      Resource = [
        "arn:${data.aws_partition.current.partition}:secretsmanager:*:*:secret:rds!*",
        "arn:${data.aws_partition.current.partition}:secretsmanager:*:*:secret:database-master/*",
      ]
    }]
  })
}

resource "aws_iam_role_policy" "database_secret" {
  name   = "database-secret"
  role   = aws_iam_role.instance.name
  policy = var.master_user_secret_arn == null ? local.deny_database_secrets : local.read_database_secret
}
