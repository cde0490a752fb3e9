# What only the directors may read, and the role that lets them read that and nothing else.

resource "aws_ssm_parameter" "secrets" {
  name             = "/${var.name}/${var.region_id}/secrets"
  description      = "MERIDIAN_SECRETS of the directors in ${var.region_id}"
  type             = "SecureString"
  key_id           = var.kms_key_arn
  value_wo         = var.secrets
  value_wo_version = var.secrets_version
  tags             = var.tags
}

resource "aws_ssm_parameter" "boards" {
  count = nonsensitive(length(var.board_urls)) > 0 ? 1 : 0

  name        = "/${var.name}/${var.region_id}/boards"
  description = "MERIDIAN_REDIS of the directors in ${var.region_id}"
  type        = "SecureString"
  key_id      = var.kms_key_arn
  value       = join(",", compact(var.board_urls))
  tags        = var.tags
}

resource "aws_iam_role" "director" {
  name = local.full_name
  tags = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "director" {
  name = "read-own-secrets"
  role = aws_iam_role.director.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Effect   = "Allow"
        Action   = ["ssm:GetParameter"]
        Resource = concat([aws_ssm_parameter.secrets.arn], aws_ssm_parameter.boards[*].arn)
      }],
      [for arn in compact([var.kms_key_arn]) : {
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = [arn]
      }],
    )
  })
}

resource "aws_iam_role_policy_attachment" "further" {
  for_each = toset(var.role_policy_arns)

  role       = aws_iam_role.director.name
  policy_arn = each.value
}

resource "aws_iam_instance_profile" "director" {
  name = local.full_name
  role = aws_iam_role.director.name
  tags = var.tags
}
