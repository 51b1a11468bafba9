# What the instances may do in the account: be reached by Session Manager, report to CloudWatch when asked to, read the
# secrets of their databases, and use their buckets and queues.

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
  # Each has a pair of statements: that of the one secret stays what it was when there are more.
  database_secrets = [
    { plural = "", arns = var.master_user_secret_arn == null ? [] : [var.master_user_secret_arn], only = var.master_user_secret_arn },
    { plural = "s", arns = var.database_secret_arns, only = var.database_secret_arns },
  ]

  read_database_secret = jsonencode({
    Version = "2012-10-17"
    Statement = flatten([for secrets in local.database_secrets : [
      {
        Sid      = "ReadDatabaseSecret${secrets.plural}"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
        Resource = secrets.arns
      },
      {
        # The secrets are encrypted with the databases' own keys, whose ARNs are not known here. Secrets Manager names the
        # secret in the encryption context of every call, so the conditions leave nothing but these secrets to decrypt,
        # and only by way of Secrets Manager. The key's policy leaves the decision to policies such as this one. Partition,
        # region and account are as the first secret's own ARN has them.
        Sid      = "DecryptDatabaseSecret${secrets.plural}"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = ["arn:${split(":", secrets.arns[0])[1]}:kms:${split(":", secrets.arns[0])[3]}:${split(":", secrets.arns[0])[4]}:key/*"]
        Condition = {
          StringEquals = {
            "kms:ViaService"                  = "secretsmanager.${split(":", secrets.arns[0])[3]}.${data.aws_partition.current.dns_suffix}"
            "kms:EncryptionContext:SecretARN" = secrets.only
          }
        }
      },
    ] if length(secrets.arns) > 0])
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
  policy = var.master_user_secret_arn == null && length(var.database_secret_arns) == 0 ? local.deny_database_secrets : local.read_database_secret
}

resource "aws_iam_role_policy" "buckets" {
  count = length(var.bucket_arns) > 0 ? 1 : 0

  name = "buckets"
  role = aws_iam_role.instance.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid      = "ListBuckets"
        Effect   = "Allow"
        Action   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        Resource = var.bucket_arns
      },
      {
        Sid    = "ReadAndWriteObjects"
        Effect = "Allow"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:GetObject",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
        ]
        Resource = [for arn in var.bucket_arns : "${arn}/*"]
      },
      ], length(var.bucket_key_arns) == 0 ? [] : [{
        Sid      = "UseTheirKeys"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.bucket_key_arns
    }])
  })
}

resource "aws_iam_role_policy" "queues" {
  count = length(var.queue_arns) > 0 ? 1 : 0

  name = "queues"
  role = aws_iam_role.instance.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "SendAndReceive"
      Effect = "Allow"
      Action = [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
      ]
      Resource = var.queue_arns
    }]
  })
}
